"""/api/articles, /api/uploads, /api/trash: reading the archive, and changing its files through the desk."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from assistant import notice
from assistant.contract import article_json
from assistant.desk import Added
from assistant.scope import Scope
from assistant.server import article_models as shapes
from assistant.server import models
from assistant.server.asking import query_scope
from assistant.server.problems import Refused
from assistant.service import Assistant
from assistant.shelf import PER_PAGE
from assistant.who import require_editor
from corpus.errors import ArchiveError


def article_routes(assistant: Assistant) -> APIRouter:
    """Everything about articles; what changes something is for editors."""
    router = APIRouter(tags=["Bài viết"])
    _reading(router, assistant)
    _changing(router, assistant)
    return router


def _reading(router: APIRouter, assistant: Assistant) -> None:
    @router.get("/articles", response_model=shapes.Shelf)
    def listing(
        within: Annotated[Scope, Depends(query_scope)],
        q: Annotated[models.Text, Query(max_length=200)] = "",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        per_page: Annotated[int, Query(ge=1, le=500)] = PER_PAGE,
    ) -> Any:
        """The articles, newest first; ``q``: words of title, source or id."""
        shelf = assistant.browse(q, within, page, per_page)
        return {
            "articles": [
                {"article_id": a.id, "title": a.title, "date": a.date, "source": a.source}
                for a in shelf.articles
            ],
            "total": shelf.total, "page": shelf.page, "pages": shelf.pages,
        }  # fmt: skip

    @router.get("/articles/{id:path}", response_model=models.Article)
    def get(id: models.Text) -> Any:
        """A whole article. ``id`` is percent-encoded ("#" is %23)."""
        return article_json(_article(assistant, id))


def _changing(router: APIRouter, assistant: Assistant) -> None:
    editor = [Depends(_editor)]

    @router.post("/articles", response_model=shapes.Added, status_code=201, dependencies=editor)
    def create(new: shapes.NewArticle, request: Request) -> Any:
        """Add an article as a file of its own."""
        added = assistant.desk.paste(new.title, new.text, new.date, new.source)
        notice.changed(request, "add", path=added.path)
        return _added(added)

    @router.post(
        "/uploads", response_model=shapes.Added, status_code=201, dependencies=editor,
        openapi_extra={"requestBody": {"required": True, "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
    )  # fmt: skip
    async def upload(
        request: Request, name: Annotated[models.Text, Query(min_length=1, max_length=255)]
    ) -> Any:
        """Add a file of any format that Hỏi Báo reads; the body is the file."""
        data = await request.body()
        added = await run_in_threadpool(assistant.desk.add, name, data)
        notice.changed(request, "upload", path=added.path)
        return _added(added)

    @router.patch("/articles/{id:path}", status_code=204, dependencies=editor)
    def edit(id: models.Text, new: shapes.Edit, request: Request) -> None:
        """Put title, date or source right. The index follows with the next build."""
        _article(assistant, id)
        date = None
        if "date" in new.model_fields_set:
            date = new.date.isoformat() if new.date else ""
        assistant.desk.edit(id, title=new.title, date=date, source=new.source)
        notice.changed(request, "edit", article_id=id, **new.model_dump(exclude_unset=True))

    @router.delete("/articles/{id:path}", response_model=shapes.Removed, dependencies=editor)
    def delete(id: models.Text, request: Request, whole_file: bool = False) -> Any:
        """Move the article's file into the trash; a table or zip only when the ``whole_file`` is meant."""
        _article(assistant, id)
        removed = assistant.desk.delete(id, whole_file=whole_file)
        notice.changed(request, "delete", article_id=id, path=removed.path, token=removed.token)
        return removed

    @router.get("/trash", response_model=list[shapes.Removed], dependencies=editor)
    def trash() -> Any:
        """What can be taken back, newest first."""
        return assistant.desk.removed()

    @router.post("/trash/{token}", response_model=shapes.Restored, dependencies=editor)
    def restore(token: models.Text, request: Request) -> Any:
        """Take a deleted file back."""
        path = assistant.desk.undo(token)
        notice.changed(request, "restore", path=path, token=token)
        return {"path": path}


def _editor(request: Request) -> None:
    require_editor(request)


def _article(assistant: Assistant, id: str) -> Any:
    try:
        return assistant.article(id)
    except ArchiveError as error:
        raise Refused(404, f"Không có bài “{id[:200]}” trong chỉ mục.") from error


def _added(added: Added) -> dict[str, Any]:
    return {
        "path": added.path,
        "article_ids": [_placed_id(added, a.id, a.path) for a in added.articles],
        "failures": [{"path": f.path, "reason": f.reason} for f in added.failures],
    }


def _placed_id(added: Added, id: str, path: str) -> str:
    """The id that the article gets in the archive: it was read under the name it came with."""
    return added.path + id.removeprefix(path)
