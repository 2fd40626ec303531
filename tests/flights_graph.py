"""The project that the simulated runs of the tests execute: 23 models over the flights of New York, with audits."""

from dataclasses import dataclass

from store.events import Column, GraphAudit, GraphNode


@dataclass(frozen=True, slots=True)
class SimulatedModel:
    """A model with what it takes: `seconds` of one thread, and the rows that it leaves (None for a view)."""

    name: str
    folder: str
    seconds: float
    rows: int | None
    parents: tuple[str, ...] = ()
    kind: str = "model"

    @property
    def key(self) -> str:
        """The tool's unique name."""
        return f"{self.kind}.flights.{self.name}"

    @property
    def relation(self) -> str:
        """Where it is built."""
        return f'"flights"."{self.folder.split("/")[0]}"."{self.name}"'

    @property
    def file(self) -> str:
        """Its definition, within the project."""
        return f"seeds/{self.name}.csv" if self.kind == "seed" else f"models/{self.folder}/{self.name}.sql"


def _model(name: str, folder: str, seconds: float, rows: int | None, parents: str = "") -> SimulatedModel:
    return SimulatedModel(name, folder, seconds, rows, tuple(parents.split()))


MODELS = (
    SimulatedModel("delay_bands", "seeds", 0.4, 5, kind="seed"),
    _model("stg_flights", "staging", 12.3, 336_776),
    _model("stg_planes", "staging", 0.8, 3_322),
    _model("stg_weather", "staging", 1.9, 26_115),
    _model("stg_airlines", "staging", 0.3, 16),
    _model("stg_airports", "staging", 0.3, 1_458),
    _model("int_flown_flights", "intermediate", 9.6, 327_346, "stg_flights"),
    _model("int_aircraft_rotations", "intermediate", 41.2, 327_346, "int_flown_flights"),
    _model("int_airport_congestion", "intermediate", 17.4, 19_486, "stg_flights"),
    _model("int_flight_punctuality", "intermediate", 8.1, None, "stg_flights delay_bands"),
    _model("int_flight_weather", "intermediate", 22.7, 335_220, "stg_flights stg_weather"),
    _model("int_route_competition", "intermediate", 3.2, 439, "stg_flights"),
    _model("int_delays", "intermediate", 6.4, 327_346, "int_flown_flights"),
    _model("dim_aircraft", "marts/network", 2.2, 3_322, "stg_planes int_aircraft_rotations"),
    _model("dim_airlines", "marts/network", 0.5, 16, "stg_airlines stg_flights"),
    _model("dim_airports", "marts/network", 0.7, 107, "stg_airports stg_flights"),
    _model("mart_routes", "marts/network", 1.4, 439, "int_route_competition stg_airports"),
    _model(
        "fct_flights",
        "marts/operations",
        58.9,
        336_776,
        "int_aircraft_rotations int_airport_congestion int_flight_punctuality int_flight_weather",
    ),
    _model("fct_airport_days", "marts/operations", 6.3, 1_095, "fct_flights"),
    _model("mart_aircraft_use", "marts/operations", 7.7, 3_322, "dim_aircraft fct_flights"),
    _model("mart_carriers", "marts/operations", 4.1, 16, "dim_airlines int_delays"),
    _model("mart_carrier_scorecard", "marts/operations", 9.9, 192, "mart_carriers fct_flights"),
    _model("mart_delay_trends", "marts/operations", 12.0, 4_380, "int_delays fct_flights"),
)
BY_NAME = {model.name: model for model in MODELS}
WARNING_AUDIT = "test.flights.registered_aircraft_stg_flights_tail_number"


@dataclass(frozen=True, slots=True)
class SimulatedAudit:
    """A dbt test. One of them warns in every run: the data has flights of unregistered aircraft."""

    key: str
    name: str
    model: SimulatedModel
    blocking: bool


def _audits() -> list[SimulatedAudit]:
    found = [
        SimulatedAudit(f"test.flights.{kind}_{model.name}_key", f"{kind}_{model.name}_key", model, True)
        for model in MODELS
        if model.rows and model.kind == "model"
        for kind in (("not_null", "unique") if model.folder != "intermediate" else ("not_null",))
    ]
    warning = SimulatedAudit(WARNING_AUDIT, WARNING_AUDIT.split(".")[-1], BY_NAME["stg_flights"], False)
    return [*found, warning]


AUDITS = tuple(_audits())


def graph_nodes() -> tuple[GraphNode, ...]:
    """The models as a manifest would name them."""
    return tuple(
        GraphNode(
            model=model.key,
            name=model.name,
            kind=model.kind,
            parents=tuple(BY_NAME[parent].key for parent in model.parents),
            selected=True,
            materialized="seed" if model.kind == "seed" else "view" if model.rows is None else "table",
            database="flights",
            schema_name=model.folder.split("/")[0],
            relation=model.relation,
            file=model.file,
            columns=(Column(name=f"{model.name}_key", type="BIGINT"), Column(name="carrier_code", type="VARCHAR")),
        )
        for model in MODELS
    )


def graph_audits() -> tuple[GraphAudit, ...]:
    """The audits as a manifest would name them."""
    return tuple(
        GraphAudit(audit=audit.key, name=audit.name, model=audit.model.key, blocking=audit.blocking, selected=True)
        for audit in AUDITS
    )
