"""The parts of a map: where articles come to lie, what regions are called, colours and legend."""

import datetime as dt

import numpy as np
import pytest

from assistant.atlas import clusters, make_atlas, positions
from assistant.atlas_colours import by_month, by_source
from assistant.atlas_labels import labels
from assistant.atlas_layout import HEIGHT, WIDTH, Label, on_screen, spread
from tests.assistant.mapped import LYCHEES, VACCINES, Page, outline, random_vectors

# Positions


def test_positions_are_the_projection_on_the_first_two_eigenvectors() -> None:
    vectors = random_vectors(40)
    places = positions(vectors)
    centred = vectors - vectors.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred)
    expected = centred @ axes[:, [-1, -2]]
    assert np.allclose(np.abs(places), np.abs(expected), atol=1e-5)
    assert np.allclose(places.T @ places, np.diag(values[[-1, -2]]), atol=1e-4)  # uncorrelated
    assert np.allclose(places.mean(axis=0), 0)


def test_positions_worked_by_hand() -> None:
    corners = np.array([[3, 0, 1], [-3, 0, 1], [0, 1, 1], [0, -1, 1]], np.float32)
    assert np.allclose(positions(corners), [[3, 0], [-3, 0], [0, 1], [0, -1]])


def test_positions_do_not_mind_a_turn_a_shift_or_the_order() -> None:
    vectors = random_vectors(30)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(12, 12)))
    turned = positions((vectors @ turn + 5).astype(np.float32))
    assert np.allclose(np.abs(turned), np.abs(positions(vectors)), atol=1e-4)
    order = np.random.default_rng(2).permutation(30)
    assert np.allclose(positions(vectors[order]), positions(vectors)[order], atol=1e-5)


def test_distances_are_never_larger_than_those_between_the_vectors() -> None:
    vectors = random_vectors(25)
    places = positions(vectors)
    for i in range(25):
        near = np.linalg.norm(places - places[i], axis=1)
        assert (near <= np.linalg.norm(vectors - vectors[i], axis=1) + 1e-5).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_articles_have_places(n: int) -> None:
    places = positions(random_vectors(n))
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
    if n < 3:
        assert not places[:, 1].any()


def test_articles_all_alike_lie_on_one_point() -> None:
    alike = np.repeat(random_vectors(1), 9, axis=0)
    assert not positions(alike).any()
    atlas = make_atlas([outline(t) for t in LYCHEES + VACCINES + ["Một bài"]], alike)
    assert [r.articles for r in atlas.regions] == [9]
    assert np.allclose(on_screen(atlas.places, atlas.places), [WIDTH / 2, HEIGHT / 2])


# Regions and their labels


def test_regions_are_the_clusters_that_anyone_sees() -> None:
    random = np.random.default_rng(3)
    corners = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    places = np.concatenate([corner + random.normal(size=(20, 2)) for corner in corners])
    numbers = clusters(places, 4).reshape(4, 20)
    assert (numbers == numbers[:, :1]).all()
    assert sorted(numbers[:, 0]) == [0, 1, 2, 3]
    assert np.array_equal(clusters(places, 4), numbers.ravel())


def test_there_are_no_more_regions_than_places() -> None:
    places = np.array([[0.0, 0], [0, 0], [1, 1]])
    assert sorted(set(clusters(places, 12))) == [0, 1]
    assert list(clusters(places, 0)) == [0, 0, 0]
    assert clusters(np.zeros((0, 2)), 12).shape == (0,)


def test_labels_are_what_the_titles_of_a_region_share() -> None:
    fruit, health = labels(LYCHEES + VACCINES, np.repeat([0, 1], 4))
    assert fruit == ("vải thiều", "Bắc Giang")
    assert health == ("vắc xin sởi", "Nghệ An")


def test_labels_keep_marks_and_capitals_as_printed() -> None:
    titles = ["CÀ PHÊ KHE SANH", "Cà phê Khe Sanh", "Quán cà phê hoà nhạc", "CSGT mở đường", "CSGT mở đường"]  # fmt: skip
    first, second = labels(titles, np.array([0, 0, 0, 1, 1]))
    assert first == ("cà phê", "Khe Sanh")
    assert second == ("CSGT mở đường",)


@pytest.mark.parametrize(
    "titles",
    [
        ["Một bài", "Hai chuyện khác", "Ba điều nữa"],  # nothing is said twice
        ["Và của những các", "Và của những các"],  # grammar
        ["12 34 5.000", "12 34 5.000"],
        ["", ""],
        ["Mưa, lũ; gió", "Mưa, lũ; gió"],  # not across punctuation
    ],
)
def test_where_titles_share_no_subject_there_is_no_label(titles: list[str]) -> None:
    assert labels(titles, np.zeros(len(titles), np.int64)) == [()]


def test_a_seam_between_words_is_no_label() -> None:
    titles = ["Công nhân công ty may", "Công nhân công ty dệt", "Công nhân nghỉ", "Công ty thép"]
    [label] = labels(titles, np.zeros(4, np.int64))
    assert label[0] in ("công nhân", "công ty", "công nhân công ty")
    assert "nhân công" not in label


def test_a_phrase_labels_one_region() -> None:
    titles = ["Thời tiết Hà Nội"] * 3 + ["Thời tiết Đà Lạt"] * 2
    first, second = labels(titles, np.array([0, 0, 0, 1, 1]))
    assert set(first).isdisjoint(second)


# Layout


def test_points_stay_in_the_frame_and_up_is_up() -> None:
    places = positions(random_vectors(50)) * [9, 1]
    screen = on_screen(places, places)
    assert (screen >= 0).all() and (screen <= [WIDTH, HEIGHT]).all()
    assert screen[places[:, 1].argmax(), 1] == screen[:, 1].min()


def test_labels_move_apart_and_off_the_points_within_the_frame() -> None:
    crowd = [Label(WIDTH - 90, 60, ("vải thiều", "Bắc Giang")) for _ in range(4)]
    points = np.array([[WIDTH - 90, 60.0]])
    moved = spread(crowd, points, 7)
    for n, one in enumerate(moved):
        width, height = one.size
        assert width / 2 <= one.x <= WIDTH - width / 2
        assert height / 2 <= one.y <= HEIGHT - height / 2
        assert abs(one.x - points[0, 0]) >= width / 2 or abs(one.y - 60) >= height / 2
        for other in moved[:n]:
            assert abs(one.x - other.x) >= width or abs(one.y - other.y) >= height


# Legend


def test_the_nine_most_frequent_sources_have_colours_and_the_rest_is_other() -> None:
    sources = [f"Báo {n:02}" for n in range(12) for _ in range(12 - n)] + ["", ""]
    colours = by_source([outline("Bài", s) for s in sources])
    legend = Page(colours.legend).said
    assert "Báo 00 (12)" in legend and "Báo 08 (4)" in legend
    assert "Báo 09" not in legend
    assert "khác (6)không rõ nguồn (2)" in legend
    assert len(set(colours.classes)) == 11
    for kind in set(colours.classes):
        assert colours.style.count(f".{kind} {{ --mau:") == 2  # light and dark


def test_few_sources_need_no_other() -> None:
    legend = by_source([outline("Bài", "ANTV"), outline("Bài", "LĐ")]).legend
    assert "khác" not in legend and "không rõ" not in legend


def test_months_go_from_first_to_last_and_undated_is_grey() -> None:
    days = [dt.date(2021, 3, 1), dt.date(1970, 1, 1), None, dt.date(2021, 3, 9), dt.date(2021, 4, 2)]  # fmt: skip
    colours = by_month([outline("Bài", date=day) for day in days])
    assert colours.classes == ["c1", "c0", "unknown", "c1", "c2"]
    legend = Page(colours.legend).said
    assert "01/197004/2021" in legend
    assert "không rõ ngày (1)" in legend


def test_many_months_share_shades_in_order_and_one_month_is_named_once() -> None:
    days = [dt.date(1990 + n // 12, n % 12 + 1, 1) for n in range(100)]
    shades = [int(c[1:]) for c in by_month([outline("Bài", date=d) for d in days]).classes]
    assert shades == sorted(shades)
    assert (shades[0], shades[-1]) == (0, 23)
    assert by_month([outline("Bài", date=days[0])]).legend.count("01/1990") == 1
    assert "không rõ ngày (1)" in by_month([outline("Bài")]).legend
