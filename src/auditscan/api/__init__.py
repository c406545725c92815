"""What `import auditscan` offers, put together from the layers below."""

from auditscan.api.doors import IncompleteWarning, connect, sample_logs, scan
from auditscan.api.session import Session

__all__ = ["IncompleteWarning", "Session", "connect", "sample_logs", "scan"]
