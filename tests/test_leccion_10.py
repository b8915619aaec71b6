"""La lección 10 fuera de `semilla`: en otra GPU, sin memoria y con otros datos."""

import ast
import builtins
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from datasets import Dataset
from respuestas import pruebas_de

from herramientas.archivos import RESULTADOS
from herramientas.medidas import estudio_qlora, medir, medir_leccion, repetir_qlora
from taller import ErrorDelTaller
from taller.conjuntos import conversaciones

A, B = {"role": "user", "content": "Hola"}, {"role": "assistant", "content": "Dime"}


@pytest.mark.parametrize(
    "fila",
    [
        {"messages": [A, B]},
        {"id": 3, "conversation": [A, B]},
        {
            "turnos": [
                {"from": "human", "value": "Hola"},
                {"from": "gpt", "value": "Dime"},
            ]
        },
        {"instruction": "Hola", "output": "Dime"},
    ],
    ids=["mensajes", "otro nombre", "from y value", "dos columnas"],
)
def test_entiende_una_conversacion_venga_como_venga(fila):
    assert conversaciones.como_mensajes(fila) == [A, B]


@pytest.mark.parametrize(
    "fila",
    [
        {"messages": [A]},
        {"messages": [B, A]},
        {"messages": [A, {"role": "assistant", "content": ""}]},
        {"messages": [A, {"role": "tool", "content": "x"}]},
        {"instruction": "Hola", "output": None},
        {"texto": "Hola"},
    ],
)
def test_descarta_lo_que_no_es_una_conversacion(fila):
    assert conversaciones.como_mensajes(fila) is None


@pytest.fixture
def charlas():
    fila = {"messages": [A, B], "chat_template_kwargs": {"enable_thinking": False}}
    return Dataset.from_list([fila] * 8)


def test_mezcla_la_parte_pedida(charlas, monkeypatch):
    otras = Dataset.from_list(
        [{"instruction": f"p{i}", "output": "r"} for i in range(9)]
    )
    monkeypatch.setattr("datasets.load_dataset", lambda *_, **__: otras)
    mezcla = conversaciones.mezclar_oasst2(charlas, 0.25, semilla=7)
    assert len(mezcla) == 8 and mezcla.features == charlas.features
    generales = [f for f in mezcla if f["messages"][0]["content"] != "Hola"]
    assert len(generales) == 2
    assert all(f["chat_template_kwargs"] == {"enable_thinking": False} for f in mezcla)


def test_sin_red_sigue_con_la_tarea_y_lo_dice(charlas, monkeypatch, capsys):
    def falla(*_, **__):
        raise ConnectionError("sin red")

    monkeypatch.setattr("datasets.load_dataset", falla)
    assert conversaciones.mezclar_oasst2(charlas, 0.25, semilla=7) is charlas
    assert "sigo solo con la tarea" in capsys.readouterr().out


def test_con_columnas_desconocidas_sigue_y_lo_dice(charlas, monkeypatch, capsys):
    raras = Dataset.from_list([{"columna": "x"}] * 9)
    monkeypatch.setattr("datasets.load_dataset", lambda *_, **__: raras)
    assert conversaciones.mezclar_oasst2(charlas, 0.25, semilla=7) is charlas
    assert "cambió de columnas" in capsys.readouterr().out


@pytest.fixture
def entrenar(tmp_path, monkeypatch):
    """La función de la lección que parte el lote cuando no cabe y reanuda."""
    espacio = {"torch": torch, "Path": Path, "liberar": lambda: None}
    exec(dict(medir_leccion.LECCION.celdas())["10-sin-memoria"], espacio)
    monkeypatch.setattr(DeMentira, "args", SimpleNamespace(output_dir=str(tmp_path)))
    return espacio["entrenar"]


class DeMentira:
    """Un entrenador en el que solo caben dos ejemplos a la vez."""

    args = None

    def __init__(self, lote, acumular):
        self.lote, self.acumular = lote, acumular

    def train(self, resume_from_checkpoint):
        self.desde = resume_from_checkpoint
        if self.lote > 2:
            raise torch.OutOfMemoryError


def test_si_no_cabe_parte_el_lote_y_acumula(entrenar, capsys):
    logrado = entrenar(DeMentira, 8, 2)
    assert (logrado.lote, logrado.acumular) == (2, 8)
    assert capsys.readouterr().out.count("No cupo: sigo con") == 2


def test_si_no_cabe_ni_uno_lo_dice(entrenar):
    class Nada(DeMentira):
        def train(self, resume_from_checkpoint):
            raise torch.OutOfMemoryError

    with pytest.raises(ErrorDelTaller, match="no se parte más"):
        entrenar(Nada, 2, 1)


def test_sin_puntos_de_control_empieza_de_cero(entrenar):
    assert entrenar(DeMentira, 2, 1).desde is None


def test_reanuda_desde_el_ultimo_punto_entero(entrenar, tmp_path):
    """El 100 quedó a medias y el 150, sin su estado: manda el 90, no el 9."""
    entero = json.dumps({"log_history": [{"loss": 1.0}]}, indent=2) + "\n"
    for paso, estado in ((9, entero), (90, entero), (100, entero[:-3]), (150, None)):
        carpeta = tmp_path / f"checkpoint-{paso}"
        carpeta.mkdir()
        if estado is not None:
            (carpeta / "trainer_state.json").write_text(estado, encoding="utf-8")
    desde = entrenar(DeMentira, 2, 1).desde
    assert desde == str(tmp_path / "checkpoint-90")


@pytest.mark.parametrize(
    "leccion",
    [repetir_qlora.LECCION, estudio_qlora.LECCION, medir_leccion.LECCION],
    ids=["repetir_qlora", "estudio_qlora", "medir_leccion"],
)
def test_lo_que_usan_las_celdas_elegidas_lo_definen_ellas(leccion):
    """Mover una importación a una celda que se salta rompería el programa."""
    usados, definidos = {}, set(dir(builtins)) | {"__name__"}
    for ident, codigo in leccion.celdas():
        for nodo in ast.walk(ast.parse(codigo)):
            if isinstance(nodo, ast.Name) and isinstance(nodo.ctx, ast.Load):
                usados.setdefault(nodo.id, ident)
            elif isinstance(nodo, ast.Name):
                definidos.add(nodo.id)
            elif isinstance(nodo, ast.FunctionDef | ast.ClassDef):
                definidos.add(nodo.name)
            elif isinstance(nodo, ast.alias):
                definidos.add((nodo.asname or nodo.name).split(".")[0])
            elif isinstance(nodo, ast.arg):
                definidos.add(nodo.arg)
            elif isinstance(nodo, ast.ExceptHandler) and nodo.name:
                definidos.add(nodo.name)
    assert {n: c for n, c in usados.items() if n not in definidos} == {}


def test_los_pasos_de_un_perfil_se_cambian_en_un_solo_lugar():
    codigo = dict(medir_leccion.LECCION.celdas())["10-ajustes"]
    nuevo = medir_leccion.con_pasos(codigo, "t4", 12)
    assert '"t4": (12, 8, 2,' in nuevo and '"grande": (200,' in nuevo
    with pytest.raises(SystemExit, match="10-ajustes"):
        medir_leccion.con_pasos("x = 1", "t4", 12)


@pytest.mark.lento
@pytest.mark.parametrize(
    ("perfil", "modelo"), [("t4", "smollm3-3b"), ("grande", "qwen3-4b")]
)
def test_la_leccion_se_mide_en_un_perfil_de_gpu(perfil, modelo):
    """Con un modelo al azar de otra clase: no es una copia de `semilla`.

    En otro proceso: apunta el perfil y `from_pretrained` a ese modelo.
    """
    pedido = {"clase": "leccion", "perfil": perfil, "modelo": modelo, "reglas": "t4"}
    pedido |= {"pasos": 25, "tope": 5, "miniatura": True, "dispositivo": "cpu"}
    fila = medir.lanzar(pedido | {"plazo_s": 500}, 500)
    assert fila["estado"] == "prueba", fila["detalle"]  # nunca «medido»
    assert fila["pasos"] == len(fila["segundos_pasos"]) == 5
    lote = {"t4": (8, 2), "grande": (16, 1)}[perfil]
    assert (fila["lote"], fila["acumulacion"]) == lote
    assert fila["tokens_por_segundo"] > 0 and fila["pico_asignado_bytes"] is None
    assert fila["largo_mayor"] > 150  # también entran charlas, y no se acorta nada
    assert "aciertos" not in fila  # con pesos al azar no dicen nada


def test_el_estudio_trae_todos_sus_puntos():
    estudio = json.loads((RESULTADOS / "estudio_qlora.json").read_text("utf-8"))
    suyo = estudio_qlora.ESTUDIO
    assert any(suyo.faltan(estudio, [azar]) == [] for azar in suyo.azar)
    hechas = [
        tuple(m[k] for k in estudio_qlora.ESTUDIO.clave) for m in estudio["medidas"]
    ]
    assert len(hechas) == len(set(hechas))
    assert all(0 <= m["aciertos"] <= estudio["n"] for m in estudio["medidas"])


# --- Los ejercicios ------------------------------------------------------------------


def _repartir(lote, acumular, caben):
    while lote > caben:
        if lote % 2:
            raise ValueError("no se puede partir más")
        lote, acumular = lote // 2, acumular * 2
    return lote, acumular


def _repartir_de_nuevo(lote, acumular, caben):
    if lote <= caben:
        return lote, acumular
    if lote % 2:
        raise ValueError
    return _repartir_de_nuevo(lote // 2, 2 * acumular, caben)


def _repartir_en_lista(lote, acumular, caben):
    for veces in range(64):
        parte = 2**veces
        if lote % parte:
            break
        if lote // parte <= caben:
            return [lote // parte, acumular * parte]
    raise ValueError


def _una_vez(lote, acumular, caben):
    return (lote // 2, acumular * 2) if lote > caben else (lote, acumular)


def _sin_mirar_si_es_par(lote, acumular, caben):
    while lote > max(caben, 1):
        lote, acumular = lote // 2, acumular * 2
    return lote, acumular


def _solo_el_lote(lote, acumular, caben):
    while lote > caben and lote % 2 == 0:
        lote //= 2
    return lote, acumular


def _devuelve_el_error(lote, acumular, caben):
    try:
        return _repartir(lote, acumular, caben)
    except ValueError as error:
        return error


def _con_decimales(lote, acumular, caben):
    while lote > max(caben, 1):
        lote, acumular = lote / 2, acumular * 2
    return lote, acumular


def _sin_impares(lote, acumular, caben):
    if lote % 2 and lote > 1:
        raise ValueError
    return _repartir(lote, acumular, caben)


def _con_barra(lote, acumular, caben):
    """Como se pide, pero con «/»: el Trainer recibiría 4.0."""
    while lote > caben:
        if lote % 2:
            raise ValueError
        lote, acumular = lote / 2, acumular * 2
    return lote, acumular


def _siempre_lanza(lote, acumular, caben):
    raise ValueError


def _tipo(origen, destino, respuesta):
    if respuesta == destino:
        return "acierto"
    if respuesta == origen:
        return "copia"
    o, d, r = origen.split(), destino.split(), respuesta.split()
    if len(d) != len(r):
        return "otra"
    fallan = [x for x, y in zip(d, r, strict=True) if x != y]
    return "otra" if set(fallan) & set(o) else "verbo"


def _tipo_con_indices(origen, destino, respuesta):
    if respuesta in (destino, origen):
        return "acierto" if respuesta == destino else "copia"
    o, d, r = (t.split() for t in (origen, destino, respuesta))
    iguales = len(d) == len(r) and all(
        d[i] == r[i] or d[i] not in o for i in range(len(d))
    )
    return "verbo" if iguales else "otra"


def _tipo_con_casos(origen, destino, respuesta):
    match respuesta:
        case x if x == destino:
            return "acierto"
        case x if x == origen:
            return "copia"
    return _tipo(origen, destino, respuesta)


def _una_sola_falla(origen, destino, respuesta):
    tipo = _tipo(origen, destino, respuesta)
    d, r = destino.split(), respuesta.split()
    if tipo == "verbo" and sum(x != y for x, y in zip(d, r, strict=True)) != 1:
        return "otra"
    return tipo


def _sin_orden(origen, destino, respuesta):
    if respuesta in (destino, origen):
        return "acierto" if respuesta == destino else "copia"
    o, d, r = (t.split() for t in (origen, destino, respuesta))
    bien = len(d) == len(r) and set(o) & set(d) <= set(r)
    return "verbo" if bien else "otra"


def _largo_del_origen(origen, destino, respuesta):
    tipo = _tipo(origen, destino, respuesta)
    largos = {len(t.split()) for t in (origen, destino, respuesta)}
    return "otra" if tipo == "verbo" and len(largos) > 1 else tipo


BUENAS = {
    "10-repartir": [_repartir, _repartir_de_nuevo, _repartir_en_lista],
    "10-tipo-de-error": [_tipo, _tipo_con_indices, _tipo_con_casos],
}
ERRORES = [
    ("10-repartir", lambda lote, acumular, caben: None, "no devuelve nada"),
    ("10-repartir", lambda lote, acumular, caben: (lote, acumular), "hay que partirlo"),
    ("10-repartir", _una_vez, "repite hasta que quepa"),
    ("10-repartir", _solo_el_lote, "no debe cambiar"),
    ("10-repartir", _sin_mirar_si_es_par, "un trozo de 3"),
    ("10-repartir", _devuelve_el_error, "un trozo de 3"),
    ("10-repartir", _con_decimales, "«//»"),
    ("10-repartir", _siempre_lanza, "no es un error"),
    ("10-repartir", _sin_impares, "sí se puede partir"),
    ("10-repartir", _con_barra, "«//»"),
    ("10-repartir", lambda lote, acumular, caben: lote // 2, "dos valores"),
    ("10-repartir", _repartir(16, 1, 4), "sin llamarla"),
    ("10-tipo-de-error", lambda o, d, r: None, "no devolvió nada"),
    ("10-tipo-de-error", _una_sola_falla, "fallan «cierra» y «su»"),
    ("10-tipo-de-error", _sin_orden, "bastaba copiarlas"),
    ("10-tipo-de-error", _largo_del_origen, "distinto largo"),
    (
        "10-tipo-de-error",
        lambda o, d, r: "copia" if r == o else _tipo("", d, r),
        "estaba en el origen",
    ),
    ("10-tipo-de-error", lambda o, d, r: _tipo(o, d, r).upper(), "es 'acierto'"),
    ("10-tipo-de-error", lambda o, d, r: _tipo(d, o, r), "es 'acierto'"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
