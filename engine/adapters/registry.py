"""Which adapter drives which tool."""

from engine.adapters.base import ToolAdapter
from store.models import Tool


def adapter_for(tool: Tool) -> ToolAdapter:
    """The adapter; imported when it is needed, so that a dbt run never loads SQLMesh's."""
    match tool:
        case "dbt":
            from engine.adapters.dbt.adapter import DbtAdapter

            return DbtAdapter()
        case "sqlmesh":
            from engine.adapters.sqlmesh.adapter import SqlMeshAdapter

            return SqlMeshAdapter()
