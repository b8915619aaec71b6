"""«Si vas tarde»: deja el cuaderno como en la lección desde cualquier punto.

De tres maneras: sin escribir nada, con todo escrito de otro modo y con la mitad de cada
cosa. Con un cuaderno pequeño se prueba desde cada celda; con dos lecciones, de verdad.
"""

import copy
from functools import cache

import pytest
from jupyter_client.manager import AsyncKernelManager
from minimo import codigo, cuaderno_bueno
from nbclient import NotebookClient

from herramientas.cuadernos import en_vivo, huecos, nucleo
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import de_codigo, etiquetas
from taller import rescate
from taller.errores import ErrorDelTaller
from taller.nombres import nombres

RELLENO = "de_sobra_y_sin_uso = sum(numero * numero for numero in range(123456))"
# (clave, código, si se escribe en vivo)
LECCION = [
    ("a-datos", "import math\ndatos = [3, 1, 2]", False),
    ("a-media", f"def media(x):\n    return sum(x) / 3\n\nm = media(datos)\n{RELLENO}",
     True),
    ("a-usa", "doble = m * 2", False),
    ("a-modelo", f"pesos = [0.0]\ntasa = doble / 4\n{RELLENO}", True),
    ("a-entrenar", "for _ in range(3):\n    pesos.append(pesos[-1] + tasa)", False),
    ("a-medir", f"final = pesos[-1] + math.pi * 0\n{RELLENO}", True),
    ("a-cierre", "assert final == 3.0\ntodo = (m, doble, pesos, final)", False),
]  # fmt: skip
OTRO_MODO = {
    "otros nombres": {
        "a-media": "promedio = sum(datos) / 3",
        "a-modelo": "w = [0.0]\nlr = 1",
        "a-medir": "ultimo = 3",
    },
    "otras clases": {
        "a-media": "def media(x):\n    return None\nm = None",
        "a-modelo": "pesos, tasa = 'nada', {}",
        "a-medir": "final = 'x'",
    },
    "con errores": {
        "a-media": "1 / 0",
        "a-modelo": "pesos = noexiste",
        "a-medir": "list = 3\nfinal = (",
    },
}


def _leccion():
    """La lección de arriba con la forma de un cuaderno del curso."""
    cuaderno = cuaderno_bueno()
    fuera = {"en-vivo", "ejercicio", "solucion", "widget"}
    cuaderno.cells = [
        c
        for c in cuaderno.cells
        if not (c.cell_type == "code" and fuera & etiquetas(c))
    ]
    marcas = {True: ["en-vivo"], False: []}
    nuevas = [codigo(clave, texto, *marcas[viva]) for clave, texto, viva in LECCION]
    donde = next(i for i, c in enumerate(cuaderno.cells) if c.id == "01-seccion-uno")
    cuaderno.cells[donde + 1 : donde + 1] = nuevas
    return cuaderno


ESQUELETO = en_vivo.recortar(_leccion())
EN_VIVO = [clave for clave, _, viva in LECCION if viva]


@pytest.fixture
def nucleo_nuevo(monkeypatch):
    """Un IPython de verdad, vacío, en este mismo proceso."""
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    consola = InteractiveShell.instance()
    monkeypatch.setattr(rescate, "_celdas", {})
    monkeypatch.setattr(rescate, "_salio", {})
    yield consola
    consola.history_manager.end_session()
    InteractiveShell.clear_instance()


def _texto(clave: str) -> str:
    return next(c.source for c in ESQUELETO.cells if c.id == clave)


def _correr(consola, texto: str) -> bool:
    return consola.run_cell(texto, store_history=False).success


def _clase(consola, escrito: dict[str, str], hasta: str, capsys) -> None:
    """La clase entera, sin rescates, hasta la celda `hasta`, que no se ejecuta.

    En `escrito`, lo que se escribió en cada hueco; si falta, queda como venía.
    """
    assert _correr(consola, _texto(en_vivo.ID_PREPARA))
    for clave, _, _ in LECCION:
        if clave == hasta:
            break
        _correr(consola, escrito.get(clave, _texto(clave)))
    capsys.readouterr()


def _seguir(consola, desde: str) -> None:
    """Rescata `desde` y da lo que queda, con rescates; nada debe fallar.

    Si la plegada falla, se ejecuta otra vez, como dice el plan.
    """
    llego = False
    for clave, _, viva in LECCION:
        llego = llego or clave == desde
        if not llego:
            continue
        texto = _texto(f"{clave}-rescate") if viva else _texto(clave)
        salio = _correr(consola, texto) or (viva and _correr(consola, texto))
        assert salio, f"falló «{clave}»"
    assert consola.user_ns["todo"] == (2.0, 4.0, [0.0, 1.0, 2.0, 3.0], 3.0)


def test_el_cuaderno_de_prueba_tiene_tres_huecos():
    assert huecos.elegir(_leccion()) == EN_VIVO
    dicho = {c: _texto(c).rpartition(huecos.SIGUE)[2] for c in EN_VIVO}
    assert dicho == {"a-media": "m", "a-modelo": "pesos, tasa", "a-medir": "final"}


@pytest.mark.parametrize("desde", EN_VIVO)
def test_sin_escribir_nada(nucleo_nuevo, capsys, desde):
    _clase(nucleo_nuevo, {}, desde, capsys)
    _seguir(nucleo_nuevo, desde)


@pytest.mark.parametrize("desde", EN_VIVO)
def test_recien_abierto(nucleo_nuevo, capsys, desde):
    """Solo se ejecutó la celda que prepara."""
    _clase(nucleo_nuevo, {}, LECCION[0][0], capsys)
    _seguir(nucleo_nuevo, desde)


@pytest.mark.parametrize("modo", OTRO_MODO)
@pytest.mark.parametrize("desde", EN_VIVO)
def test_todo_escrito_de_otro_modo(nucleo_nuevo, capsys, modo, desde):
    _clase(nucleo_nuevo, OTRO_MODO[modo], desde, capsys)
    _seguir(nucleo_nuevo, desde)


@pytest.mark.parametrize("modo", OTRO_MODO)
@pytest.mark.parametrize("escritas", [EN_VIVO[:1], EN_VIVO[1:2], EN_VIVO[1:]])
@pytest.mark.parametrize("desde", EN_VIVO[1:])
def test_la_mitad_de_cada_cosa(nucleo_nuevo, capsys, modo, escritas, desde):
    """Unas celdas escritas de otro modo y las demás rescatadas a tiempo."""
    escrito = {
        clave: OTRO_MODO[modo][clave]
        if clave in escritas
        else _texto(clave + "-rescate")
        for clave in EN_VIVO
    }
    _clase(nucleo_nuevo, escrito, desde, capsys)
    _seguir(nucleo_nuevo, desde)


def test_lo_bien_escrito_se_respeta_y_no_se_repite(nucleo_nuevo, capsys):
    """Con los nombres dichos, el rescate no vuelve a entrenar."""
    escrito = {
        "a-media": "m = 2.0\n\ndef media(x):\n    return 2.0",
        "a-modelo": "pesos, tasa = [0.0], 1.0",
    }
    _clase(nucleo_nuevo, escrito, "a-medir", capsys)
    suyos = nucleo_nuevo.user_ns["pesos"]
    _seguir(nucleo_nuevo, "a-medir")
    assert nucleo_nuevo.user_ns["pesos"] is suyos
    assert "Repongo" not in capsys.readouterr().out


def test_dice_cuantas_celdas_repone_y_por_que(nucleo_nuevo, capsys):
    _clase(nucleo_nuevo, {}, LECCION[0][0], capsys)
    _correr(nucleo_nuevo, _texto("a-modelo-rescate"))
    dicho = capsys.readouterr().out
    assert "Repongo 3 celdas de arriba: faltaba lo que definen." in dicho
    _clase(nucleo_nuevo, OTRO_MODO["otras clases"], "a-modelo", capsys)
    _correr(nucleo_nuevo, _texto("a-modelo-rescate"))
    assert "había fallado" in capsys.readouterr().out


def test_no_borra_lo_que_escribio_quien_aprende(nucleo_nuevo, capsys):
    escrito = dict(OTRO_MODO["con errores"], **{"a-usa": "mio = 7\n1 / 0"})
    _clase(nucleo_nuevo, escrito, "a-modelo", capsys)
    _seguir(nucleo_nuevo, "a-modelo")
    assert nucleo_nuevo.user_ns["mio"] == 7


@pytest.mark.parametrize("escrito", ["list = 3\n1 / 0", "list = open = 3\n1 / 0"])
def test_no_quita_lo_que_puso_ipython(nucleo_nuevo, capsys, escrito):
    """Su `open` se queda, o vuelve si se escribió encima."""
    suyo = nucleo_nuevo.user_ns["open"]
    _clase(nucleo_nuevo, {"a-media": escrito}, "a-modelo", capsys)
    _seguir(nucleo_nuevo, "a-modelo")
    assert "list" not in nucleo_nuevo.user_ns
    assert nucleo_nuevo.user_ns.get("open") is suyo


def test_sin_preparar_lo_dice(nucleo_nuevo, capsys):
    assert not _correr(nucleo_nuevo, _texto("a-medir-rescate"))
    assert "Falta ejecutar la celda plegada del comienzo" in capsys.readouterr().out
    assert "Traceback" not in capsys.readouterr().out


def test_si_una_celda_no_se_puede_reponer_lo_dice(nucleo_nuevo, capsys):
    rescate.preparar({"x": "y = 1 / 0", "z": "print(y)"})
    with pytest.raises(ErrorDelTaller, match="«x».*ZeroDivisionError.*reinicia"):
        rescate.reponer("z")


def test_fuera_de_un_cuaderno_lo_dice():
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    with pytest.raises(ErrorDelTaller, match="solo funciona en un cuaderno"):
        rescate.reponer("a")


# --- Las piezas ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texto", "pide", "define"),
    [
        ("y = x", {"x"}, {"y"}),
        ("x = 1\ny = x", set(), {"x", "y"}),
        ("x += 1", {"x"}, {"x"}),
        ("for i in n:\n    print(i, k)", {"n", "k"}, {"i"}),
        ("y = [a * z for a in w if (q := a)]", {"z", "w"}, {"y", "q"}),
        ("def f(a):\n    return a + g() + h\ndef g(): pass", {"h"}, {"f", "g"}),
        ("class A(B):\n    c = D\n    def f(self): return E", {"B", "D", "E"}, {"A"}),
        ("class A:\n    def f(self): return 1\n    g = f", set(), {"A"}),
        ("import a.b\nfrom c import d as e", set(), {"a", "e"}),
        ("datos.append(lambda: otro)", {"datos", "otro"}, set()),
        ("%matplotlib inline\ny = x", {"x", "get_ipython"}, {"y"}),
    ],
)
def test_nombres_que_entran_y_salen(texto, pide, define):
    assert nombres(texto) == (pide, define)


def test_por_reponer_incluye_a_quien_cambia_lo_repuesto():
    celdas = {clave: texto for clave, texto, _ in LECCION}
    assert rescate.por_reponer(celdas, "a-medir", {}) == list(celdas)[:5]
    hay = dict.fromkeys(("datos", "media", "m", "doble", "math", "pesos", "tasa"), 1)
    assert rescate.por_reponer(celdas, "a-medir", hay) == []
    del hay["pesos"]
    assert rescate.por_reponer(celdas, "a-medir", hay) == ["a-modelo", "a-entrenar"]


@pytest.mark.parametrize("ruta", cuadernos.rutas(), ids=lambda r: r.stem)
def test_en_cada_leccion_lo_repuesto_alcanza(ruta):
    """Desde cero, antes de cada hueco, no queda un nombre sin quien lo defina."""
    cuaderno = cuadernos.leer(ruta)
    celdas = {c.id: c.source for c in huecos.de_la_leccion(cuaderno)}
    orden = list(celdas)
    for clave in huecos.elegir(cuaderno):
        repone = rescate.por_reponer(celdas, clave, {})
        hay: set[str] = set()
        for otra in [*repone, *orden[orden.index(clave) :]]:
            pide, define = nombres(celdas[otra])
            faltan = pide - hay - {"get_ipython", "display"}  # los pone Jupyter
            assert not faltan, f"«{otra}», tras reponer para «{clave}»: {faltan}"
            hay |= define


# --- Dos lecciones, de verdad -------------------------------------------------------

RESUMEN = """
import hashlib as _h
def _dicho(v):
    if hasattr(v, "tolist"):
        return str(v.tolist())
    if isinstance(v, (list, tuple, set)):
        return type(v).__name__ + str([_dicho(x) for x in list(v)[:50]])
    if isinstance(v, dict):
        return str([(str(k), _dicho(x)) for k, x in list(v.items())[:50]])
    return repr(v) if isinstance(v, (int, float, str, bool)) else type(v).__name__
for _n in {nombres}:
    _v = globals().get(_n, "no está")  # los que `instalar` solo define en Colab
    print(_n, _h.sha256(_dicho(_v).encode()).hexdigest()[:12])
"""


def _ejecutar(cuaderno, carpeta):
    """Ejecuta todas las celdas aunque alguna falle; devuelve las que fallaron."""
    gestor = AsyncKernelManager(kernel_spec_manager=nucleo._EsteEntorno())
    recursos = {"metadata": {"path": str(carpeta)}}
    cliente = NotebookClient(
        cuaderno,
        km=gestor,
        timeout=900,
        startup_timeout=180,
        allow_errors=True,
        resources=recursos,
    )
    cliente.execute(env=nucleo.entorno())
    return [
        c.id
        for c in de_codigo(cuaderno)
        if any(s.output_type == "error" for s in c.outputs)
    ]


def _dicho(celda) -> str:
    return "".join(s.get("text", "") for s in celda.outputs)


@pytest.fixture(scope="module")
def derecha(tmp_path_factory):
    """Por lección, lo que valen sus nombres al darla de arriba abajo."""

    @cache
    def de(nombre):
        (ruta,) = cuadernos.rutas([nombre])
        cuaderno = cuadernos.leer(ruta)
        celdas = huecos.de_la_leccion(cuaderno)
        define = sorted(set().union(*(nombres(c.source)[1] for c in celdas)) - {"_"})
        mirar = codigo("zz-mirar", RESUMEN.format(nombres=define))
        quitar = {"ejercicio", "solucion"}
        limpio = copy.deepcopy(cuaderno)
        limpio.cells = [c for c in limpio.cells if not quitar & etiquetas(c)]
        limpio.cells.append(mirar)
        assert _ejecutar(limpio, tmp_path_factory.mktemp("derecha")) == []
        dicho = _dicho(limpio.cells[-1])
        assert len(dicho.splitlines()) == len(define)
        return cuaderno, mirar, dicho

    return de


@pytest.mark.lento
@pytest.mark.parametrize("escrito", ["nada", "todo de otro modo", "la mitad"])
@pytest.mark.parametrize("nombre", ["00_bienvenida", "01_tokenizacion"])
def test_una_leccion_rescatada_al_final_queda_igual(nombre, escrito, tmp_path, derecha):
    """Se da sin rescates hasta el último hueco; desde él, todo sale y vale lo mismo."""
    cuaderno, mirar, esperado = derecha(nombre)
    esqueleto = en_vivo.recortar(cuaderno)
    plegadas = {c.id: c for c in de_codigo(esqueleto) if "rescate" in etiquetas(c)}
    *_, ultima = plegadas.values()
    dado, pares = [], 0
    for celda in esqueleto.cells:
        plegada = plegadas.get(f"{celda.id}-rescate")
        if plegada is not None:
            pares += 1
            if escrito == "todo de otro modo" or (escrito == "la mitad" and pares % 2):
                suyos = sorted(nombres(plegada.source)[1])
                celda.source = "\n".join(f"{n} = 'otra cosa'" for n in suyos)
        if celda.id not in plegadas:
            dado.append(celda)
        elif celda is ultima:  # si la plegada falla, se ejecuta otra vez
            otra = copy.deepcopy(ultima)
            otra.id = "zz-otra-vez"
            dado += [ultima, otra]
    esqueleto.cells = [*dado, copy.deepcopy(mirar)]
    fallaron = _ejecutar(esqueleto, tmp_path)
    ids = [c.id for c in dado]
    despues = ids[ids.index("zz-otra-vez") :]
    assert not set(fallaron) & {*despues, "zz-mirar"}, fallaron
    assert fallaron, "sin rescates nada se rompió"
    assert _dicho(esqueleto.cells[-1]) == esperado
