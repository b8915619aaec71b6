"""Las tareas: construir de a uno y sin dejar nada a medias, limpiar, lab y pruebas."""

import ast
import errno
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from herramientas import entorno, tareas
from herramientas.archivos import RAIZ
from herramientas.cerrojo import Cerrojo


@pytest.fixture
def libro_hecho(tmp_path, monkeypatch):
    """Una copia mínima del proyecto con el sitio ya construido, y su entorno."""
    venv, raiz = tmp_path / "v", tmp_path / "raiz"
    venv.mkdir()
    monkeypatch.setenv("TALLER_VENV", str(venv))
    sello = {"huella": entorno.huella_de_requisitos(), "nivel": "libro"}
    (venv / entorno.SELLO).write_text(json.dumps(sello), "utf-8")
    (raiz / "book").mkdir(parents=True)
    (raiz / "_build" / "html").mkdir(parents=True)
    (raiz / "_config.yml").write_text("title: x\n", "utf-8")
    (raiz / "book" / "index.md").write_text("# Hola\n", "utf-8")
    (raiz / "_build" / "html" / "index.html").write_text("<html>", "utf-8")
    monkeypatch.setattr(tareas, "RAIZ", str(raiz))
    monkeypatch.setattr(tareas, "SITIO", str(raiz / "_build" / "html"))
    python = entorno.python_de(str(venv))
    huella = tareas.huella_del_libro(python)
    (raiz / "_build" / "sello-libro.txt").write_text(huella, "utf-8")
    return raiz, python


def test_la_segunda_vez_no_construye(libro_hecho, monkeypatch, capsys):
    monkeypatch.setattr(tareas.subprocess, "Popen", lambda *_: pytest.fail("construyó"))
    assert tareas.construir(libro_hecho[1]) == 0
    assert "al día" in capsys.readouterr().out


def test_un_sitio_que_falla_no_queda_por_bueno(libro_hecho, monkeypatch, capsys):
    raiz, python = libro_hecho

    class Sphinx:
        returncode = 1

        def __init__(self, *_, **__):
            pass

        def communicate(self):
            return (b"leyendo...\nbook/index.md:3: WARNING: enlace roto\n", None)

    monkeypatch.setattr(tareas.subprocess, "Popen", Sphinx)
    (raiz / "book" / "index.md").write_text("# Adiós\n", "utf-8")
    with pytest.raises(entorno.Problema, match="no se construyó limpio"):
        tareas.construir(python)
    assert "enlace roto" in capsys.readouterr().out
    assert not (raiz / "_build" / "sello-libro.txt").exists()
    assert not (raiz / "_build" / "html").exists()


def de_herramientas(programa):
    """Los archivos de herramientas/ que importa un programa, aunque sea al usarlo."""
    nombres = []
    for nodo in ast.walk(ast.parse(programa.read_text("utf-8"))):
        if isinstance(nodo, ast.Import):
            nombres += [alias.name for alias in nodo.names]
        elif isinstance(nodo, ast.ImportFrom) and nodo.module and not nodo.level:
            de = [f"{nodo.module}.{alias.name}" for alias in nodo.names]
            nombres += [nodo.module, *de]
    hallados = set()
    for nombre in nombres:
        if nombre.split(".")[0] == "herramientas":
            ruta = RAIZ.joinpath(*nombre.split("."))
            hallados |= {ruta.with_suffix(".py"), ruta / "__init__.py"}
    return {ruta for ruta in hallados if ruta.is_file()}


def test_el_sello_del_sitio_ve_todo_lo_que_el_sitio_importa():
    """Si cambia uno de esos archivos, el sitio se construye de nuevo."""
    por_mirar = set((RAIZ / "book" / "_ext").glob("*.py"))
    vistos = set()
    while por_mirar:
        vistos |= por_mirar
        por_mirar = set().union(*map(de_herramientas, por_mirar)) - vistos
    importados = {ruta for ruta in vistos if RAIZ / "herramientas" in ruta.parents}
    assert RAIZ / "herramientas" / "empaquetar.py" in importados
    assert importados <= {Path(ruta) for ruta in tareas.rutas_del_libro()}


# --- Construir: de a uno, y nada a medias -------------------------------------------


class SphinxQueCuenta:
    """Un Sphinx fingido que tarda un poco y deja un sitio limpio."""

    vivos = hechos = maximo = 0
    returncode = 0

    def __init__(self, orden, **_):
        SphinxQueCuenta.vivos += 1
        SphinxQueCuenta.maximo = max(SphinxQueCuenta.maximo, SphinxQueCuenta.vivos)

    def communicate(self):
        time.sleep(0.5)
        Path(tareas.SITIO).mkdir(parents=True)
        (Path(tareas.SITIO) / "index.html").write_text("<html>", "utf-8")
        SphinxQueCuenta.vivos -= 1
        SphinxQueCuenta.hechos += 1
        return (b"listo\n", None)


def test_dos_construcciones_no_van_a_la_vez(libro_hecho, monkeypatch, capfd):
    raiz, python = libro_hecho
    monkeypatch.setattr(tareas.subprocess, "Popen", SphinxQueCuenta)
    (raiz / "book" / "index.md").write_text("# Otra\n", "utf-8")
    hilos = [threading.Thread(target=tareas.construir, args=(python,)) for _ in "12"]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert (SphinxQueCuenta.maximo, SphinxQueCuenta.hechos) == (1, 1)
    dicho = capfd.readouterr().out
    assert "Otra tarea está construyendo el sitio; espero." in dicho
    assert "El sitio ya estaba al día." in dicho


def test_una_construccion_cortada_no_se_cree(libro_hecho, monkeypatch):
    """El sello se quita antes de borrar nada: un sitio a medias nunca parece entero."""
    raiz, python = libro_hecho
    (raiz / "book" / "index.md").write_text("# Otra\n", "utf-8")

    def cortar(carpeta):
        raise KeyboardInterrupt

    monkeypatch.setattr(tareas.shutil, "rmtree", cortar)
    with pytest.raises(KeyboardInterrupt):
        tareas.construir(python)
    assert (raiz / "_build" / "html" / "index.html").exists()
    assert not tareas.libro_al_dia(tareas.huella_del_libro(python))


def test_sin_espacio_al_construir_se_dice(libro_hecho, monkeypatch):
    raiz, python = libro_hecho

    class Lleno(SphinxQueCuenta):
        returncode = 1

        def communicate(self):
            return (b"OSError: [Errno 28] No space left on device\n", None)

    monkeypatch.setattr(tareas.subprocess, "Popen", Lleno)
    with pytest.raises(entorno.Problema, match="espacio en el disco"):
        tareas.construir(python, ["--all"])


def test_limpiar_espera_a_quien_construye_y_no_deja_cerrojos(libro_hecho, capfd):
    raiz, _ = libro_hecho
    (entorno_falso := Path(os.environ["TALLER_VENV"]) / "pyvenv.cfg").write_text("")
    entorno_falso.with_name(entorno.CREADO).write_text("")
    hilo = threading.Thread(target=tareas.limpiar, args=(["--todo"],))
    with tareas.cerrojo_del_sitio():
        hilo.start()
        time.sleep(0.3)
        assert (raiz / "_build" / "html" / "index.html").exists()
    hilo.join()
    assert "espero" in capfd.readouterr().out
    assert not (raiz / "_build").exists() and not entorno_falso.exists()
    assert not list(entorno_falso.parent.parent.glob("*.cerrojo"))


def test_limpiar_no_borra_un_entorno_que_no_creo(libro_hecho):
    raiz, _ = libro_hecho
    ajeno = Path(os.environ["TALLER_VENV"]) / "pyvenv.cfg"
    ajeno.write_text("home = /x\n", "utf-8")
    with pytest.raises(entorno.Problema, match="no lo creó esta tarea: .*bórralo tú"):
        tareas.limpiar(["--todo"])
    assert ajeno.exists() and not (raiz / "_build").exists()
    assert not list(ajeno.parent.parent.glob("*.cerrojo"))


def test_limpiar_borra_uno_propio_que_quedo_a_medias(libro_hecho):
    venv = Path(os.environ["TALLER_VENV"])
    (venv / entorno.CREADO).write_text("", "utf-8")
    tareas.limpiar(["--todo"])
    assert not venv.exists()


# --- El cerrojo ---------------------------------------------------------------------


def test_el_cerrojo_es_de_uno_solo_y_se_suelta(tmp_path):
    ruta = str(tmp_path / "sub" / "x.cerrojo")
    otro = Cerrojo(ruta, "espero")
    with Cerrojo(ruta, "espero"):
        assert not otro._tomar()
    with otro:
        assert Cerrojo.tomados == [otro.archivo]
    assert Cerrojo.tomados == []


def test_un_cerrojo_borrado_no_vale(tmp_path):
    """Si «limpiar» lo borra, quien espera no se queda con un archivo que ya no está."""
    if os.name == "nt":
        pytest.skip("allí no se borra un archivo abierto")
    ruta = tmp_path / "x.cerrojo"
    with Cerrojo(str(ruta), "espero"):
        ruta.unlink()
        with Cerrojo(str(ruta), "espero"):
            assert not Cerrojo(str(ruta), "espero")._tomar()


def test_sin_cerrojos_en_el_disco_se_trabaja_igual(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def no_hay(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_hay)
    with Cerrojo(str(tmp_path / "x.cerrojo"), "espero"):
        pass


@pytest.mark.lento
def test_el_programa_huerfano_conserva_el_cerrojo(tmp_path):
    """Si matan a la tarea, la siguiente espera a que su pip o su Sphinx termine."""
    if os.name == "nt":
        pytest.skip("allí el cerrojo no se hereda")
    ruta = str(tmp_path / "x.cerrojo")
    codigo = (
        "import subprocess, sys, time\n"
        "from herramientas.cerrojo import Cerrojo, heredar\n"
        f"with Cerrojo({ruta!r}, ''):\n"
        "    orden = [sys.executable, '-c', 'import time; time.sleep(3)']\n"
        "    subprocess.Popen(orden, **heredar())\n"
        "    print('tomado', flush=True)\n"
        "    time.sleep(60)\n"
    )
    tarea = subprocess.Popen(
        [sys.executable, "-c", codigo], cwd=RAIZ, stdout=subprocess.PIPE
    )
    assert tarea.stdout.readline() == b"tomado\n"
    tarea.kill()
    tarea.wait()
    tarea.stdout.close()
    cerrojo = Cerrojo(ruta, "espero")
    assert not cerrojo._tomar()
    inicio = time.monotonic()
    with cerrojo:
        assert time.monotonic() - inicio < 30


# --- JupyterLab y las pruebas -------------------------------------------------------


def test_la_espera_corta_es_la_de_taller():
    from taller.hilos import ESPERA_CORTA

    assert tareas.ESPERA_CORTA == ESPERA_CORTA


@pytest.mark.parametrize("elegida", ["", "GOMP_SPINCOUNT", "OMP_WAIT_POLICY"])
def test_lab_pone_la_espera_corta_si_nadie_eligio(monkeypatch, elegida):
    llamadas = []
    monkeypatch.setattr(tareas, "preparar", lambda nivel: "python")
    monkeypatch.setattr(tareas, "correr", lambda o, **v: llamadas.append((o, v)) or 0)
    monkeypatch.setattr(tareas, "copiar", lambda *_: [])
    for nombre in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.delenv(nombre, raising=False)
    if elegida:
        monkeypatch.setenv(elegida, "5")
    assert tareas.lab(["--no-browser"]) == 0
    ((orden, variables),) = llamadas
    assert orden[:3] == ["python", "-m", "jupyterlab"]
    assert orden[-1] == "--no-browser"
    assert variables == ({} if elegida else tareas.ESPERA_CORTA)


def test_las_pruebas_terminan_con_las_diez_mas_lentas(monkeypatch):
    ordenes = []
    monkeypatch.setattr(tareas, "preparar", lambda nivel: "python")
    monkeypatch.setattr(tareas, "construir", lambda python: 0)
    monkeypatch.setattr(tareas, "correr", lambda o, **_: ordenes.append(o) or 0)
    assert tareas.pruebas_rapidas(["-x"]) == 0
    assert "--durations=10" in ordenes[-1] and ordenes[-1][-1] == "-x"


FINGIDO = """
import os, sys, time
aparte = sys.argv[1] != "tests" and "al_final" not in sys.argv
time.sleep(0.3 if aparte else 0)
print("sesión", sys.argv[1:], os.environ["TALLER_REGISTRO_RED"], flush=True)
sys.exit(4 if aparte else 0)
"""


@pytest.mark.parametrize(
    ("que", "de_la_parte"), [("Cuadernos", "notebooks"), ("Páginas del sitio", "sitio")]
)
def test_una_parte_corre_a_la_vez_y_su_fallo_cuenta(capfd, que, de_la_parte):
    """Un solo registro de red para todas; la sesión que falla se ve entera."""
    codigos = tareas.probar_a_la_vez([sys.executable, "-c", FINGIDO], que)
    assert codigos == [0, 4, 0]
    primera, *parte, ultima = [
        x for x in capfd.readouterr().out.splitlines() if "sesión" in x
    ]
    lineas = [primera, *parte, ultima]
    assert len(parte) == len(tareas.sesiones_de(que)) and "not al_final" in primera
    assert all(de_la_parte in x and "al_final" not in x for x in parte)
    assert "'al_final'" in ultima and "not al_final" not in ultima
    assert "test_red.py" in ultima and "test_datos.py" not in ultima
    assert len({linea.split()[-1] for linea in lineas}) == 1


def test_cada_cuaderno_tiene_su_sesion_y_el_mas_largo_va_primero():
    medidos = json.loads((RAIZ / tareas.MEDIDOS).read_text("utf-8"))["cuadernos"]
    sesiones = tareas.sesiones_de("Cuadernos")
    assert {s[0] for s in sesiones} == {
        str(ruta.relative_to(RAIZ)) for ruta in RAIZ.glob("notebooks/**/*.ipynb")
    }
    tardaron = [medidos[Path(s[0]).stem]["segundos"] for s in sesiones]
    assert tardaron == sorted(tardaron, reverse=True)
    assert all(s[1:] == tareas.CON_CUADERNOS for s in sesiones)


def test_lo_que_pasa_solo_muestra_sus_tiempos(tmp_path, capfd):
    """Dos hilos no repiten sesión, y la que acaba bien ocupa una línea."""
    codigo = "import sys; print('ruido'); print('Tiempos:', sys.argv[1])"
    sesiones = [["a"], ["b"], ["c"]]
    cola = tareas.Cola([sys.executable, "-c", codigo], sesiones, str(tmp_path), {})
    hilos = [threading.Thread(target=cola.atender) for _ in range(2)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    cola.mostrar()
    dicho = capfd.readouterr().out.split("\n")
    assert sorted(dicho) == ["", "Tiempos: a", "Tiempos: b", "Tiempos: c"]
    assert cola.codigo == 0 and not cola.faltan


@pytest.mark.parametrize("cual", [0, 1])
def test_una_sesion_que_no_se_puede_abrir_es_un_fallo(
    tmp_path, monkeypatch, capfd, cual
):
    """Ni se pierde ni deja esperando a quien aguarda la primera; las demás corren."""
    popen, abiertas = subprocess.Popen, []

    def abrir(orden, **ajustes):
        abiertas.append(orden)
        if len(abiertas) == cual + 1:
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return popen(orden, **ajustes)

    monkeypatch.setattr(tareas.subprocess, "Popen", abrir)
    sesiones = [["a"], ["b"], ["c"]]
    cola = tareas.Cola([sys.executable, "-c", ""], sesiones, str(tmp_path), {})
    hilo = threading.Thread(target=cola.atender, daemon=True)
    hilo.start()
    assert cola.empezo.wait(20)
    hilo.join(20)
    cola.mostrar()
    dicho = capfd.readouterr().out.splitlines()
    assert len(abiertas) == 3 and cola.resultado() == 1
    assert dicho[cual].startswith(f"No se pudo abrir {'ab'[cual]}: ")
    assert sorted(dicho[:cual] + dicho[cual + 1 :]) == sorted({*"abc"} - {"ab"[cual]})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_si_muere_quien_abre_no_se_da_por_bueno(tmp_path, monkeypatch):
    def romper(*_, **__):
        raise MemoryError

    monkeypatch.setattr(tareas.subprocess, "Popen", romper)
    cola = tareas.Cola(["x"], [["a"], ["b"]], str(tmp_path), {})
    hilo = threading.Thread(target=cola.atender, daemon=True)
    hilo.start()
    assert cola.empezo.wait(20)
    hilo.join(20)
    assert cola.resultado() == 1


def test_sin_sesiones_no_se_espera_a_nadie(tmp_path):
    cola = tareas.Cola(["x"], [], str(tmp_path), {})
    cola.atender()
    assert cola.empezo.is_set() and cola.resultado() == 0


def test_lo_del_final_se_busca_en_todos_los_archivos_que_lo_tienen():
    """La última sesión solo carga esos: uno que se le escape nunca correría."""
    marca = "pytest.mark." + "al_final"
    hay = [
        ruta.name
        for ruta in sorted((RAIZ / "tests").glob("test_*.py"))
        if marca in ruta.read_text("utf-8")
    ]
    assert hay == [os.path.basename(ruta) for ruta in tareas.archivos_con(marca)]
    assert len(hay) == 2


def test_las_pruebas_corren_sin_red_desde_que_python_arranca(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/lo/que/hubiera")
    primero, *demas = tareas.entorno_de_prueba()["PYTHONPATH"].split(os.pathsep)
    assert (Path(primero) / "sitecustomize.py").is_file()
    assert demas == ["/lo/que/hubiera"]


def test_entre_las_dos_sesiones_rapidas_corren_todo_lo_rapido():
    """El sitio va en una y no en la otra, y ninguna corre lo lento."""
    aparte, demas = tareas.A_LA_VEZ["Páginas del sitio"]
    assert aparte[0] == os.path.join("tests", "test_sitio.py")
    assert demas[0] == f"--ignore={aparte[0]}" and (RAIZ / aparte[0]).is_file()
    assert aparte[1:] == ["-m", "not lento"]
    assert demas[1:] == ["-m", "not lento and not al_final"]


def test_si_se_cortan_las_pruebas_no_quedan_cuadernos_corriendo(monkeypatch):
    abiertos = []
    popen = subprocess.Popen

    def cortar(*_, **__):
        raise KeyboardInterrupt

    def abrir(*a, **k):
        abiertos.append(popen(*a, **k))
        return abiertos[-1]

    monkeypatch.setattr(tareas, "correr", cortar)
    monkeypatch.setattr(tareas.subprocess, "Popen", abrir)
    with pytest.raises(KeyboardInterrupt):
        dormir = [sys.executable, "-c", "import time; time.sleep(60)"]
        tareas.probar_a_la_vez(dormir, "Cuadernos")
    assert [p.poll() is not None for p in abiertos] == [True]


def test_toda_tarea_con_programa_lo_encuentra():
    """Los programas que nombran las tareas existen."""
    fuente = Path(tareas.__file__).read_text("utf-8")
    modulos = re.findall(r'programa\("([\w.]+)"', fuente)
    assert modulos
    for modulo in modulos:
        ruta = RAIZ.joinpath("herramientas", *modulo.split("."))
        es_paquete = (ruta / "__main__.py").is_file()
        assert es_paquete or ruta.with_suffix(".py").is_file(), modulo
