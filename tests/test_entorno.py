"""El entorno: que los archivos que lo describen digan lo mismo y que las tareas no
dejen nada a medias cuando algo falta."""

import ast
import importlib.metadata as metadatos
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from herramientas import candado, tareas
from herramientas.archivos import RAIZ

PROYECTO = tomllib.loads((RAIZ / "pyproject.toml").read_text("utf-8"))
NUEVAS = os.environ.get("TALLER_VERSIONES") == "nuevas"


def texto(nombre):
    return (RAIZ / nombre).read_text("utf-8")


def del_repositorio():
    """Los archivos del proyecto, o todos los que no se generan si no hay git."""
    orden = ["git", "ls-files", "-co", "--exclude-standard"]
    try:
        hecho = subprocess.run(orden, cwd=RAIZ, capture_output=True, check=True)
        rutas = [RAIZ / li for li in hecho.stdout.decode("utf-8").splitlines()]
    except (OSError, subprocess.CalledProcessError):
        fuera = {".git", ".venv", "_build", "entrenamiento", "__pycache__"}
        rutas = [r for r in RAIZ.rglob("*") if not fuera & set(r.parts)]
    return [ruta for ruta in rutas if ruta.is_file()]


# --- Los archivos dicen lo mismo ----------------------------------------------------


def test_el_candado_cumple_lo_que_pide_pyproject():
    fijos = candado.leer()
    for pedido in candado.requisitos() + candado.requisitos("todo"):
        fijo = fijos[candado.normalizar(pedido.name)]
        (version,) = [esp.version for esp in fijo.specifier]
        assert pedido.specifier.contains(version), f"{pedido} y {fijo}"


def test_el_candado_solo_tiene_versiones_exactas_y_publicas():
    for fijo in candado.leer().values():
        (esp,) = fijo.specifier
        assert esp.operator == "==" and "+" not in esp.version, fijo
        assert fijo.url is None, fijo


def test_pyproject_tiene_rangos_y_no_versiones_exactas():
    for pedido in candado.requisitos():
        assert all(esp.operator != "==" for esp in pedido.specifier), pedido
        assert pedido.specifier, f"{pedido} no dice desde qué versión"


@pytest.mark.skipif(NUEVAS, reason="se prueban versiones que el candado no tiene")
def test_lo_instalado_es_lo_del_candado():
    fijos = candado.leer()
    de_cuda = ("nvidia-", "cuda-", "triton")
    for nombre, version in candado.cierre(
        candado.requisitos() + candado.requisitos("todo")
    ).items():
        if not nombre.startswith(de_cuda):
            assert nombre in fijos, f"{nombre} no está en requisitos.lock"
            assert fijos[nombre].specifier.contains(version, prereleases=True), nombre


def test_el_sitio_no_pide_torch():
    nombres = set(candado.cierre(candado.requisitos("libro")))
    assert not nombres & {"torch", "transformers", "numpy"}, nombres


def test_environment_instala_lo_mismo():
    entorno = yaml.safe_load(texto("environment.yml"))
    de_conda = [d for d in entorno["dependencies"] if isinstance(d, str)]
    (de_pip,) = [d["pip"] for d in entorno["dependencies"] if isinstance(d, dict)]
    assert de_pip == ["-c requisitos.lock", "-e .[todo]"]
    (python,) = [d for d in de_conda if d.startswith("python=")]
    version = python.split("=")[1]
    pedido = Requirement("python" + PROYECTO["project"]["requires-python"])
    assert pedido.specifier.contains(version)
    assert "pip" in de_conda


def test_version_y_direcciones_coinciden():
    proyecto = PROYECTO["project"]
    cita = yaml.safe_load(texto("CITATION.cff"))
    assert cita["version"] == proyecto["version"]
    assert cita["repository-code"] == proyecto["urls"]["Repositorio"]
    assert cita["url"] == proyecto["urls"]["Sitio"]
    assert f"## {proyecto['version']}" in texto("CHANGELOG.md")
    for nombre in ("README.md", "LICENSE-CONTENIDO"):
        for hallada in re.findall(
            r"https://(?:github\.com/S|simg)[^\s,)]+", texto(nombre)
        ):
            assert hallada in proyecto["urls"].values(), hallada


def test_makefile_y_readme_conocen_las_mismas_tareas():
    (linea,) = re.findall(r"^TAREAS = (.+)$", texto("Makefile"), re.M)
    assert linea.split() == list(tareas.TAREAS)
    leeme = texto("README.md")
    citadas = set(re.findall(r"(?:make|tareas\.py) ([a-z][a-z-]+)\b", leeme))
    citadas -= {"y"}
    assert citadas <= set(tareas.TAREAS), citadas - set(tareas.TAREAS)
    assert set(tareas.TAREAS) - citadas == set(), "README.md no explica todas"
    for nombre in tareas.TAREAS:
        assert f"tareas.py {nombre} " in tareas.__doc__ or nombre == "limpiar"


def test_las_rutas_del_readme_existen():
    for ruta in re.findall(r"\]\((?!https?:)([^)#]+)\)", texto("README.md")):
        assert (RAIZ / ruta).exists(), ruta


def test_todo_lo_que_se_importa_esta_pedido():
    """Lo que usa el paquete sale de la base; lo demás, del extra `todo`."""
    base = set(candado.cierre(candado.requisitos()))
    todo = base | set(candado.cierre(candado.requisitos("todo")))
    dueños = metadatos.packages_distributions()
    programas = [ruta for ruta in del_repositorio() if ruta.suffix == ".py"]
    propios = {ruta.stem for ruta in programas} | {"taller", "herramientas", "reglas"}
    for ruta in programas:
        permitidos = base if "taller" == ruta.relative_to(RAIZ).parts[0] else todo
        for nodo in ast.walk(ast.parse(ruta.read_text("utf-8"))):
            if isinstance(nodo, ast.Import):
                nombres = [alias.name for alias in nodo.names]
            elif isinstance(nodo, ast.ImportFrom) and not nodo.level:
                nombres = [nodo.module]
            else:
                continue
            for raiz in {nombre.split(".")[0] for nombre in nombres}:
                if raiz in sys.stdlib_module_names or raiz in propios:
                    continue
                de = {candado.normalizar(d) for d in dueños.get(raiz, [])}
                libres = candado.DEL_ENTORNO
                assert de & (permitidos | libres), f"{ruta}: {raiz} no está pedido"


def test_los_recursos_viajan_en_el_paquete():
    patrones = PROYECTO["tool"]["setuptools"]["package-data"]["taller"]
    terminaciones = tuple(p.removeprefix("recursos/**/*") for p in patrones)
    for ruta in del_repositorio():
        if RAIZ / "taller" / "recursos" in ruta.parents and ruta.suffix != ".py":
            assert ruta.name.endswith(terminaciones), f"{ruta} quedaría fuera"


def test_ningun_archivo_nombra_un_indice_de_paquetes_ni_una_ruta_de_maquina():
    prohibidos = ["pypi" + ".org", "python" + "hosted", "conda" + ".anaconda"]
    prohibidos += ["/work" + "/main", "/work" + "/shared", "/opt" + "/wheels"]
    torch = "download." + "pytorch"
    for ruta in del_repositorio():
        if ruta.suffix in {".safetensors", ".png", ".woff2", ".gz", ".npz"}:
            continue
        contenido = ruta.read_text("utf-8", errors="ignore")
        for prohibido in prohibidos:
            assert prohibido not in contenido, f"{ruta} nombra {prohibido}"
        assert torch not in contenido or ruta == RAIZ / "README.md", ruta


def test_las_acciones_van_fijadas_y_con_pocos_permisos():
    for ruta in sorted((RAIZ / ".github" / "workflows").glob("*.yml")):
        contenido = ruta.read_text("utf-8")
        for accion in re.findall(r"uses: (.+)", contenido):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", accion), accion
        flujo = yaml.safe_load(contenido)
        assert flujo["permissions"] in ({}, {"contents": "read"}), ruta.name
        assert "pull_request_target" not in contenido
        for trabajo in flujo["jobs"].values():
            assert trabajo["timeout-minutes"] <= 60
    assert "bash .ci/run" in texto(".github/workflows/pruebas.yml")


def test_el_guion_de_ci_se_puede_leer_y_llama_a_make():
    guion = RAIZ / ".ci" / "run"
    assert b"\r" not in guion.read_bytes()
    assert "make pruebas" in guion.read_text("utf-8")
    if shutil.which("bash"):
        subprocess.run(["bash", "-n", str(guion)], check=True)


def test_las_licencias_estan():
    assert "Apache License" in texto("LICENSE")
    assert "CC BY 4.0" in texto("LICENSE-CONTENIDO")
    assert PROYECTO["project"]["license"] == "Apache-2.0 AND CC-BY-4.0"


# --- Las tareas: entradas malas y cosas que faltan ----------------------------------


def ejecutar_tareas(*argumentos, prologo="", **variables):
    """Corre tareas.py en otro proceso, con lo que haga falta fingir antes."""
    codigo = (
        "import runpy, sys\n"
        f"sys.argv = ['tareas.py', *{list(argumentos)!r}]\n{prologo}\n"
        f"runpy.run_path({tareas.__file__!r}, run_name='__main__')"
    )
    entorno = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    entorno.pop("PYTHONPATH", None)
    return subprocess.run(
        [sys.executable, "-c", codigo],
        env=entorno | variables,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def una_frase(hecho):
    """La única línea de error, que además no es un rastro de Python."""
    assert hecho.returncode not in (0, None)
    lineas = hecho.stderr.strip().splitlines()
    assert len(lineas) == 1 and "Traceback" not in hecho.stderr, hecho.stderr
    return lineas[0]


def test_tareas_se_lee_con_python_viejo_y_sin_bibliotecas():
    arbol = ast.parse(Path(tareas.__file__).read_text("utf-8"), feature_version=(3, 6))
    for nodo in arbol.body:
        if isinstance(nodo, ast.Import):
            for alias in nodo.names:
                assert alias.name.split(".")[0] in sys.stdlib_module_names
                assert alias.name != "tomllib"  # no existe antes de 3.11
        assert not isinstance(nodo, ast.ImportFrom)


def test_tarea_desconocida():
    frase = una_frase(ejecutar_tareas("libor"))
    assert "«libor»" in frase and "libro" in frase


def test_sin_tarea_explica():
    hecho = ejecutar_tareas()
    assert hecho.returncode == 2 and "tareas.py libro" in hecho.stdout


def test_python_viejo(tmp_path):
    frase = una_frase(
        ejecutar_tareas(
            "libro",
            prologo="sys.version_info = (3, 9, 2, 'final', 0)",
            TALLER_VENV=str(tmp_path / "v"),
        )
    )
    assert "3.11" in frase and "3.9" in frase
    assert not list(tmp_path.iterdir())


def test_python_sin_venv(tmp_path):
    frase = una_frase(
        ejecutar_tareas(
            "libro",
            prologo="sys.modules['ensurepip'] = None",
            TALLER_VENV=str(tmp_path / "v"),
        )
    )
    assert "ensurepip" in frase and "apt install" in frase
    assert not list(tmp_path.iterdir())


def test_sin_red_rehace_lo_que_estaba_a_medias_y_no_estorba_despues(tmp_path):
    venv = tmp_path / "v"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text("home = /no/existe\n", "utf-8")
    for _ in range(2):
        hecho = ejecutar_tareas(
            "libro",
            TALLER_VENV=str(venv),
            PIP_CONFIG_FILE=os.devnull,
            PIP_INDEX_URL="http://127.0.0.1:9/simple",
            PIP_NO_CACHE_DIR="1",
            PIP_RETRIES="0",
        )
        assert "conexión a internet" in una_frase(hecho)
        assert tareas.funciona(str(venv))
        assert not (venv / tareas.MARCA).exists()
        assert not tareas.leer_sello(str(venv))
    # La segunda vez ya había un entorno que servía.
    assert "Creo el entorno" not in hecho.stdout


def test_carpeta_ajena_no_se_toca(tmp_path):
    (tmp_path / "tesis.txt").write_text("capítulo 1", "utf-8")
    frase = una_frase(ejecutar_tareas("libro", TALLER_VENV=str(tmp_path)))
    assert "no está vacía" in frase
    assert (tmp_path / "tesis.txt").read_text("utf-8") == "capítulo 1"


def test_sin_permiso_de_escritura(tmp_path):
    (tmp_path / "archivo").write_text("", "utf-8")
    venv = tmp_path / "archivo" / "v"  # no puede haber una carpeta ahí
    assert "archivo" in una_frase(ejecutar_tareas("libro", TALLER_VENV=str(venv)))


def test_version_de_bibliotecas_desconocida(tmp_path):
    frase = una_frase(
        ejecutar_tareas(
            "libro", TALLER_VERSIONES="ultimas", TALLER_VENV=str(tmp_path / "v")
        )
    )
    assert "«ultimas»" in frase


def test_puerto_que_no_es_un_numero():
    assert "«abc»" in una_frase(ejecutar_tareas("servir", "abc"))


def test_sin_espacio_no_crea_nada(tmp_path, monkeypatch):
    monkeypatch.setattr(tareas, "espacio_libre", lambda _: 0.1)
    with pytest.raises(tareas.Problema, match="GB libres"):
        tareas.instalar(str(tmp_path / "v"), "libro")
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize(
    ("registro", "frase"),
    [
        ("ERROR: [Errno 28] No space left on device", "espacio"),
        ("WARNING: Retrying (Retry(total=4)) NewConnectionError", "internet"),
        ("Temporary failure in name resolution", "internet"),
        ("socket.timeout: The read operation timed out", "internet"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "permiso"),
        ("ERROR: ResolutionImpossible", "internet"),
        ("  ERROR: setup.py se rompió", "setup.py se rompió"),
        ("", "sin detalle"),
    ],
)
def test_los_fallos_de_pip_se_explican(registro, frase):
    assert frase in tareas.explicar_fallo(registro)


def test_make_sin_python_lo_dice(tmp_path):
    if not shutil.which("make") or os.name == "nt":
        pytest.skip("no hay make")
    for nombre in ("make", "sh"):
        (tmp_path / nombre).symlink_to(shutil.which(nombre))
    hecho = subprocess.run(
        [str(tmp_path / "make"), "libro"],
        cwd=RAIZ,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert hecho.returncode != 0
    assert "No encuentro Python" in hecho.stdout


# --- Las tareas: no repetir trabajo, no dejar nada a medias -------------------------


@pytest.fixture
def entorno_listo(tmp_path, monkeypatch):
    """Un entorno fingido, completo y al día, y un libro de una página."""
    venv = tmp_path / "v"
    venv.mkdir()
    monkeypatch.setenv("TALLER_VENV", str(venv))
    monkeypatch.setattr(tareas, "funciona", lambda _: True)
    sello = {"huella": tareas.huella_de_requisitos(), "nivel": "libro"}
    (venv / tareas.SELLO).write_text(json.dumps(sello), "utf-8")
    return venv


def prohibir(monkeypatch, nombre):
    def no(*_):
        pytest.fail(f"repitió trabajo: {nombre}")

    monkeypatch.setattr(tareas, nombre, no)


def test_la_segunda_vez_no_instala(entorno_listo, monkeypatch):
    prohibir(monkeypatch, "instalar")
    assert tareas.preparar("libro") == tareas.python_de(str(entorno_listo))


@pytest.mark.parametrize("cambio", ["nivel", "huella", "cortada"])
def test_si_algo_cambio_instala(entorno_listo, monkeypatch, cambio):
    hechas = []
    monkeypatch.setattr(tareas, "instalar", lambda *a: hechas.append(a))
    if cambio == "huella":
        monkeypatch.setenv("TALLER_VERSIONES", "nuevas" if not NUEVAS else "candado")
    elif cambio == "cortada":
        (entorno_listo / tareas.MARCA).write_text("", "utf-8")
    tareas.preparar("todo" if cambio == "nivel" else "libro")
    assert len(hechas) == 1


@pytest.mark.parametrize("propio", [True, False])
def test_una_instalacion_cortada_rehace_solo_lo_propio(
    entorno_listo, monkeypatch, propio
):
    """Un entorno que creó otra persona y arranca no se borra nunca."""
    hechas = []
    monkeypatch.setattr(tareas, "crear_entorno", hechas.append)
    monkeypatch.setattr(tareas.subprocess, "Popen", Pip)
    (entorno_listo / tareas.MARCA).write_text("", "utf-8")
    if propio:
        (entorno_listo / tareas.CREADO).write_text("", "utf-8")
    tareas.instalar(str(entorno_listo), "libro")
    assert len(hechas) == (1 if propio else 0)
    assert tareas.leer_sello(str(entorno_listo))["nivel"] == "libro"
    assert not (entorno_listo / tareas.MARCA).exists()


class Pip:
    """Un pip fingido que termina bien."""

    stdout = (b"  Downloading x/torch-2.13.0.whl (190.0 MB)\n",)

    def __init__(self, *_, **__):
        pass

    def wait(self):
        return 0


def test_lo_completo_sigue_completo(entorno_listo, monkeypatch):
    """Al cambiar el candado, construir el sitio no deja a medias lo demás."""
    (entorno_listo / tareas.SELLO).write_text(
        json.dumps({"huella": "otra", "nivel": "todo"}), "utf-8"
    )
    hechas = []
    monkeypatch.setattr(tareas, "instalar", lambda venv, nivel: hechas.append(nivel))
    tareas.preparar("libro")
    assert hechas == ["todo"]


def test_dos_instalaciones_no_van_a_la_vez(tmp_path):
    venv = str(tmp_path / "v")
    with tareas.Cerrojo(venv):
        otro = tareas.Cerrojo(venv)
        with open(otro.ruta, "a+") as otro.archivo:
            assert not otro._tomar()
    with tareas.Cerrojo(venv):
        pass


@pytest.fixture
def libro_hecho(tmp_path, monkeypatch, entorno_listo):
    """Una copia mínima del proyecto con el sitio ya construido."""
    raiz = tmp_path / "raiz"
    (raiz / "book").mkdir(parents=True)
    (raiz / "_build" / "html").mkdir(parents=True)
    (raiz / "_config.yml").write_text("title: x\n", "utf-8")
    (raiz / "book" / "index.md").write_text("# Hola\n", "utf-8")
    (raiz / "_build" / "html" / "index.html").write_text("<html>", "utf-8")
    monkeypatch.setattr(tareas, "RAIZ", str(raiz))
    monkeypatch.setattr(tareas, "SITIO", str(raiz / "_build" / "html"))
    python = tareas.python_de(str(entorno_listo))
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
    with pytest.raises(tareas.Problema, match="no se construyó limpio"):
        tareas.construir(python)
    assert "enlace roto" in capsys.readouterr().out
    assert not (raiz / "_build" / "sello-libro.txt").exists()
    assert not (raiz / "_build" / "html").exists()
