"""Model mode: an OpenAI-compatible server words the answer, and the gate checks each sentence of it.

Optional (``pip install 'hoibao[llm]'`` and HOIBAO_LLM_URL). Only numbered evidence is sent, only
supported sentences are shown, and where anything goes wrong quote mode answers.
"""
