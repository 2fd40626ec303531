"""What comes of what forges tell: the same as of what polling finds."""

from collections.abc import Sequence

from engine.api.settings import Webhook
from engine.api.webhooks.delivery import News
from engine.git_triggers.desk import GitDesk
from engine.git_triggers.heads import Head
from engine.git_triggers.refs import branch_ref, request_ref
from store.models import Run


class ForgeNews:
    """Tells the git desk of heads that moved, and of those that are gone."""

    def __init__(self, git: GitDesk) -> None:
        self._git = git

    async def take(self, webhook: Webhook, news: News) -> Sequence[Run]:
        """The runs that it starts."""
        ref = _ref(webhook, news)
        if news.commit is None:
            await self._git.gone(webhook.project, ref)
            return ()
        return await self._git.moved(Head(webhook.project, ref, news.commit, news.note))


def _ref(webhook: Webhook, news: News) -> str:
    if news.request is not None:
        return request_ref(webhook.provider, news.request)
    assert news.branch is not None, "news are of a request or of a branch"
    return branch_ref(news.branch)
