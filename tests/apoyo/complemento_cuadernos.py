"""Complemento de pytest: lo que nbval no dice de un cuaderno que falla, y sus tiempos.

Con `--nbval-lax` cada celda de código es una prueba. Aquí se añade:
- qué celda falló y por qué, en español, en cuanto pasa y al comienzo del informe;
- las celdas que siguen a un error se saltan: solo repetirían su causa;
- un ejercicio sin resolver dice «Todavía no» y su solución, «Correcto»;
- el tiempo y la memoria de cada cuaderno, al final.
"""

import re
import time
from dataclasses import dataclass, field

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, NbCellError

from herramientas.cuadernos.leer import etiquetas, primera_linea
from herramientas.cuadernos.nucleo import excesos
from herramientas.cuadernos.salidas import limpiar_salidas, textos
from herramientas.cuadernos.vigia import Vigia

COLOR = re.compile(r"\x1b\[[0-9;]*m")
DIFIERE = "Cell outputs differ"
DEBE_DECIR = {"ejercicio": "Todavía no", "solucion": "Correcto"}


@dataclass
class Estado:
    """Lo que se anota de un cuaderno mientras corre."""

    segundos: float = 0.0
    memoria_gb: float = 0.0
    roto: str = ""  # la celda que impide seguir
    vigia: Vigia | None = None
    fallos: list[str] = field(default_factory=list)


ESTADOS: dict[str, Estado] = {}


def _estado(celda: IPyNbCell) -> Estado:
    return ESTADOS.setdefault(celda.parent.nodeid, Estado())


def _esperar(self, msg_id, timeout=None):
    """Como el de nbval, pero nota enseguida si el núcleo murió (él espera 33 min)."""
    limite = time.monotonic() + (timeout or 1e9)
    while True:
        espera = min(2.0, limite - time.monotonic())
        try:
            mensaje = self.kc.get_shell_msg(timeout=max(espera, 0.01))
        except Exception as error:  # queue.Empty: todavía no responde
            if not self.is_alive():
                raise RuntimeError("murió") from error
            if time.monotonic() >= limite:
                raise
            continue
        if mensaje["parent_header"].get("msg_id") == msg_id:
            return


def _comparar_limpias(self, test, ref, skip_compare=None):
    """Compara lo nuevo ya limpio, porque lo guardado también lo está."""
    nuevas, _ = limpiar_salidas(test, self.cell.id)
    guardadas, _ = limpiar_salidas(ref, self.cell.id)
    return _comparar(self, nuevas, guardadas, skip_compare)


_comparar = IPyNbCell.compare_outputs


def pytest_configure(config):
    RunningKernel.await_reply = _esperar
    IPyNbCell.compare_outputs = _comparar_limpias
    # Un núcleo puede tardar en abrir si la máquina está ocupada.
    config.option.nbval_kernel_startup_timeout = 180


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if isinstance(item, IPyNbCell) and (roto := _estado(item).roto):
        pytest.skip(f"antes falló la celda «{roto}»")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    if not isinstance(item, IPyNbCell):
        return (yield)
    estado = _estado(item)
    if estado.vigia is None:
        estado.vigia = Vigia(item.parent.kernel.km.provisioner.pid).__enter__()
    resultado = yield
    _exigir(item)
    return resultado


def _exigir(item) -> None:
    """Lo que nbval no mira: ejercicios, soluciones y errores que debían aparecer."""
    salidas = item.test_outputs or []
    dicho = "\n".join(t for s in salidas for t in textos(s))
    marcas = etiquetas(item.cell)
    for marca, frase in DEBE_DECIR.items():
        if marca in marcas and frase not in dicho:
            raise NbCellError(
                item.cell_num,
                f"su comprobación debía decir «{frase}» y dijo: {dicho[-300:]!r}",
                item.cell.source,
            )
    if "raises-exception" in marcas and not any(
        s.output_type == "error" for s in salidas
    ):
        raise NbCellError(
            item.cell_num, "debía mostrar un error y no lo hubo", item.cell.source
        )


def _causa(error: BaseException) -> str:
    """Una línea: el error que vio el cuaderno, o qué pasó con el núcleo."""
    if not isinstance(error, NbCellError):
        return f"el núcleo del cuaderno {error} (suele ser falta de memoria)"
    if str(error) == DIFIERE:
        return "la salida nueva no es igual a la guardada (detalle más abajo)"
    rastro = COLOR.sub("", error.inner_traceback or "").strip()
    if not rastro:
        return str(error)
    # La última línea sin sangría es la del error: «TipoDeError: mensaje».
    lineas = [x for x in rastro.splitlines() if re.match(r"[A-Za-z_.]*[A-Z]\w*: ", x)]
    return lineas[-1] if lineas else rastro.splitlines()[-1]


def _ficha(item, error: BaseException) -> str:
    """Las dos líneas que dicen qué cuaderno, qué celda y por qué."""
    cuaderno = item.path.name
    return (
        f"✗ {cuaderno} · celda «{item.cell.id}» (código n.º {item.cell_num + 1}): "
        f"{primera_linea(item.cell)}\n    {_causa(error)}"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    informe = yield
    if not isinstance(item, IPyNbCell):
        return informe
    estado = _estado(item)
    estado.segundos += call.duration
    if estado.vigia is not None:
        if item.parent.kernel and item.parent.kernel.is_alive():
            estado.vigia.medir()
        estado.memoria_gb = estado.vigia.pico_gb
    if informe.failed:
        error = call.excinfo.value
        ficha = _ficha(item, error)
        estado.fallos.append(ficha)
        if str(error) != DIFIERE:
            estado.roto = item.cell.id
        pantalla = item.config.pluginmanager.get_plugin("terminalreporter")
        detalle = str(informe.longrepr)
        if not pantalla.hasmarkup:
            detalle = COLOR.sub("", detalle)
        informe.longrepr = f"{ficha}\n\n{detalle}"
        pantalla.ensure_newline()
        pantalla.write_line(ficha, red=True)
    return informe


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    fallos = [f for e in ESTADOS.values() for f in e.fallos]
    if fallos:
        terminalreporter.ensure_newline()
        terminalreporter.section("Cuadernos que fallan", red=True)
        for ficha in fallos:
            terminalreporter.write_line(ficha)
    resultado = yield
    if ESTADOS:
        terminalreporter.section("Tiempos de los cuadernos")
        for nombre, e in ESTADOS.items():
            segundos = f"{e.segundos:7.1f} s".replace(".", ",")
            memoria = f"{e.memoria_gb:5.2f} GB".replace(".", ",")
            archivo = nombre.rsplit("/", 1)[-1]
            propio = archivo.removesuffix(".ipynb")
            avisos = "; ".join(excesos(propio, e.segundos, e.memoria_gb))
            linea = f"Tiempos: {archivo:32} {segundos} {memoria}"
            terminalreporter.write_line(linea + (f"  ({avisos})" if avisos else ""))
    return resultado


def pytest_sessionfinish():
    for estado in ESTADOS.values():
        if estado.vigia is not None:
            estado.vigia.__exit__()
