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
import threading
import time
import tomllib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from packaging.requirements import Requirement

from herramientas import candado, entorno, publicar, tareas
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
    pide = yaml.safe_load(texto("environment.yml"))["dependencies"]
    de_conda = [d for d in pide if isinstance(d, str)]
    (de_pip,) = [d["pip"] for d in pide if isinstance(d, dict)]
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
    assert f"## {proyecto['version']} (" in texto("CHANGELOG.md")
    assert publicar.de_las_direcciones() == []
    # Una versión tiene fecha en los dos sitios, o todavía no está publicada.
    fecha, _ = publicar.fecha_del_cambio()
    assert str(cita.get("date-released")) == str(fecha)


def test_makefile_y_readme_conocen_las_mismas_tareas():
    (lista,) = re.findall(
        r"^TAREAS = (.+)$", texto("Makefile").replace("\\\n", ""), re.M
    )
    assert lista.split() == list(tareas.TAREAS)
    leeme = texto("README.md")
    citadas = set(re.findall(r"(?:make|tareas\.py) ([a-z][a-z0-9-]+)\b", leeme))
    citadas -= {"y"}
    assert citadas <= set(tareas.TAREAS), citadas - set(tareas.TAREAS)
    assert set(tareas.TAREAS) - citadas == set(), "README.md no explica todas"
    for nombre in tareas.TAREAS:
        assert f"tareas.py {nombre} " in tareas.__doc__ or nombre == "limpiar"


def test_las_dos_ordenes_se_dicen_igual_en_todas_partes():
    """Primero abrir el curso y después comprobar: el curso o el equipo de quien lee."""
    for nombre, segunda in (("README.md", "pruebas"), ("book/index.md", "revisar")):
        (seccion,) = re.findall(
            r"^## Dos órdenes\n(.+?)^## ", texto(nombre), re.M | re.S
        )
        for orden, cuantas in ((r"^make ([\w-]+)", 2), (r"tareas\.py ([\w-]+)", 9)):
            halladas = re.findall(orden, seccion, re.M)
            assert halladas == ["lab", segunda, "libro"][: len(halladas)], nombre
            assert 2 <= len(halladas) <= cuantas, nombre
    assert list(tareas.TAREAS)[:3] == ["lab", "pruebas", "libro"]


def test_las_rutas_del_readme_existen():
    rutas = re.findall(r"\]\((?!https?:)([^)#]+)\)", texto("README.md"))
    assert rutas
    for ruta in rutas:
        assert (RAIZ / ruta).exists(), ruta


@pytest.mark.lento
def test_nadie_mas_escribe_la_direccion_a_mano():
    """Las páginas la toman de pyproject.toml, y `publicar` revisa las que no pueden."""
    propias = [d.rstrip("/") for d in PROYECTO["project"]["urls"].values()]
    pueden = {RAIZ / nombre for nombre in ("pyproject.toml", *publicar.CON_DIRECCION)}
    for ruta in set(del_repositorio()) - pueden:
        if ruta.suffix in {".md", ".py", ".js", ".yml", ".yaml", ".sh"}:
            texto_suyo = ruta.read_text("utf-8")
            assert not any(propia in texto_suyo for propia in propias), ruta


def test_todo_lo_que_se_importa_esta_pedido():
    """Lo que usa el paquete sale de la base o de Jupyter; lo demás, de `todo`."""
    base = set(candado.cierre(candado.requisitos()))
    base |= {"ipython", "ipywidgets", "matplotlib-inline"}  # los trae todo Jupyter
    todo = base | set(candado.cierre(candado.requisitos("todo")))
    dueños = metadatos.packages_distributions()
    programas = [ruta for ruta in del_repositorio() if ruta.suffix == ".py"]
    propios = {ruta.stem for ruta in programas} | {"taller", "herramientas", "reglas"}
    propios |= {"unsloth"}  # se mide donde ya está: no se instala
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
        # La dirección de PyTorch para CPU está en un solo lugar.
        assert torch not in contenido or ruta == Path(entorno.__file__), ruta


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


def test_los_flujos_no_meten_texto_ajeno_en_una_orden():
    """En `run:` no se interpola nada: lo de fuera llega como variable de entorno."""
    flujos = sorted((RAIZ / ".github" / "workflows").glob("*.yml"))
    assert flujos
    for ruta in flujos:
        for trabajo in yaml.safe_load(ruta.read_text("utf-8"))["jobs"].values():
            for paso in trabajo["steps"]:
                assert "${{" not in paso.get("run", ""), ruta.name


def exige_pruebas():
    """El paso de «Páginas» que pide a «Pruebas» en verde."""
    flujo = yaml.safe_load(texto(".github/workflows/paginas.yml"))
    (paso,) = [
        paso
        for paso in flujo["jobs"]["construir"]["steps"]
        if "gh run list" in paso.get("run", "")
    ]
    return paso


def programa_fingido(carpeta, nombre, guion):
    """Un programa de mentira, para poner delante en PATH."""
    carpeta.mkdir(exist_ok=True)
    (carpeta / nombre).write_text(f"#!/bin/sh\n{guion}\n", "utf-8")
    (carpeta / nombre).chmod(0o755)


@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="es bash")
@pytest.mark.parametrize(
    ("responde", "codigo"), [("echo 1", 0), ("echo 0", 1), ("exit 4", 4)]
)
def test_el_sitio_no_se_publica_si_las_pruebas_no_pasaron(tmp_path, responde, codigo):
    """Se pregunta por las de este commit; si no hay en verde o no se sabe, se para."""
    programas = tmp_path / "bin"
    programa_fingido(programas, "git", "echo abc123")
    programa_fingido(programas, "gh", f'echo "$@" > "$0.txt"; {responde}')
    hecho = subprocess.run(
        ["bash", "-e", "-c", exige_pruebas()["run"]],
        env={"PATH": f"{programas}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
    )
    assert hecho.returncode == codigo
    assert ("espera a que lo esté" in hecho.stderr) == (codigo == 1)
    pedido = (programas / "gh.txt").read_text("utf-8")
    assert "--workflow pruebas.yml --event push --status success" in pedido
    assert "--commit abc123" in pedido


def test_para_leer_las_corridas_basta_un_permiso_de_lectura():
    trabajo = yaml.safe_load(texto(".github/workflows/paginas.yml"))["jobs"][
        "construir"
    ]
    assert trabajo["permissions"] == {"actions": "read", "contents": "read"}
    assert exige_pruebas()["env"] == {"GH_TOKEN": "${{ github.token }}"}


def test_alguien_avisa_cuando_una_accion_envejece():
    (que,) = yaml.safe_load(texto(".github/dependabot.yml"))["updates"]
    assert que["package-ecosystem"] == "github-actions" and que["directory"] == "/"


def test_el_sitio_se_publica_solo_desde_una_etiqueta():
    flujo = yaml.safe_load(texto(".github/workflows/paginas.yml"))
    # YAML lee la clave «on» como verdadero.
    assert flujo[True] == {"push": {"tags": ["v*"]}, "workflow_dispatch": None}
    ordenes = [paso.get("run") for paso in flujo["jobs"]["construir"]["steps"]]
    comprobar = 'python -m herramientas.publicar --referencia "$GITHUB_REF"'
    assert ordenes.index(comprobar) < ordenes.index(exige_pruebas()["run"])
    assert ordenes.index(exige_pruebas()["run"]) < ordenes.index("make libro")
    assert ordenes.index(comprobar) < ordenes.index("make libro")
    assert flujo["jobs"]["publicar"]["needs"] == "construir"


def test_los_esqueletos_se_suben_a_la_rama_que_abre_colab():
    trabajo = yaml.safe_load(texto(".github/workflows/paginas.yml"))["jobs"][
        "esqueletos"
    ]
    assert trabajo["needs"] == "construir"  # que ya comprobó la etiqueta
    assert trabajo["permissions"]["contents"] == "write"
    ordenes = [paso.get("run") for paso in trabajo["steps"] if "run" in paso]
    guarda = ordenes.index("python -m herramientas.sala.esqueletos")
    assert ordenes[guarda + 1 :] == [
        "gh auth setup-git",
        'git push --force origin "$(python -m herramientas.sala.esqueletos --rama)"',
    ]


def test_el_guion_de_ci_se_puede_leer_y_llama_a_make():
    guion = RAIZ / ".ci" / "run"
    assert b"\r" not in guion.read_bytes()
    assert "make pruebas" in guion.read_text("utf-8")
    if shutil.which("bash"):
        subprocess.run(["bash", "-n", str(guion)], check=True)


@pytest.mark.skipif(os.name == "nt", reason="es un guion de bash")
@pytest.mark.parametrize(
    "argumentos", [[], ["-k", "a or b"], ["-k", "it's $HOME", "", "#x"]]
)
def test_el_guion_de_ci_pasa_enteros_sus_argumentos(tmp_path, argumentos):
    if not shutil.which("bash") or not shutil.which("make"):
        pytest.skip("no hay bash o make")
    copia, programas = tmp_path / "copia", tmp_path / "bin"
    for nombre in (".ci/run", "Makefile"):
        (copia / nombre).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RAIZ / nombre, copia / nombre)
    (copia / "herramientas").mkdir()
    (copia / "herramientas" / "tareas.py").write_text(
        "import json, sys\nprint(json.dumps(sys.argv[1:]))\n", "utf-8"
    )
    programa_fingido(programas, "chromium", "")  # así no intenta instalar uno
    programa_fingido(programas, "python3", f'exec "{sys.executable}" "$@"')
    ajenas = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # las de quien corre las pruebas
    entorno = {n: v for n, v in os.environ.items() if n not in ajenas}
    hecho = subprocess.run(
        ["bash", str(copia / ".ci" / "run"), *argumentos],
        env=entorno | {"PATH": f"{programas}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
    )
    assert hecho.returncode == 0, hecho.stderr
    assert json.loads(hecho.stdout.splitlines()[-1]) == ["pruebas", *argumentos]


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
    propias = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    propias.pop("PYTHONPATH", None)
    return subprocess.run(
        [sys.executable, "-c", codigo],
        env=propias | variables,
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


VIEJOS = ("__init__", "tareas", "entorno", "cerrojo", "archivos", "copia")


@pytest.mark.parametrize("nombre", VIEJOS)
def test_se_lee_con_python_viejo_y_sin_bibliotecas(nombre):
    """Lo que carga tareas.py llega entero hasta la frase que pide otro Python."""
    ruta = RAIZ / "herramientas" / f"{nombre}.py"
    propios = {f"herramientas.{viejo}" for viejo in VIEJOS}
    for nodo in ast.parse(ruta.read_text("utf-8"), feature_version=(3, 6)).body:
        if isinstance(nodo, ast.Import):
            importados = [alias.name for alias in nodo.names]
        elif isinstance(nodo, ast.ImportFrom):
            importados = [nodo.module]
        else:
            continue
        for importado in importados:
            raiz = importado.split(".")[0]
            assert importado in propios or raiz in sys.stdlib_module_names, importado
            # No existen antes de 3.11 y de 3.7.
            assert importado not in {"tomllib", "__future__", "dataclasses"}


@pytest.mark.parametrize("version", ["3.6", "3.8", "3.10"])
def test_un_python_viejo_de_verdad(version, tmp_path):
    """Donde lo hay, se prueba con él: desde otra carpeta y sin crear nada."""
    de_pyenv = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    hallado = next(de_pyenv, None) or shutil.which(f"python{version}")
    if not hallado:
        pytest.skip(f"aquí no hay Python {version}")
    hecho = subprocess.run(
        [str(hallado), tareas.__file__, "libro"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "TALLER_VENV": str(tmp_path / "v")},
        capture_output=True,
        encoding="utf-8",
    )
    assert "Hace falta Python 3.11" in una_frase(hecho) and version in hecho.stderr
    assert not list(tmp_path.iterdir())


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


@pytest.mark.lento
def test_sin_red_rehace_lo_que_estaba_a_medias_y_no_estorba_despues(tmp_path):
    venv = tmp_path / "v"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text("home = /no/existe\n", "utf-8")
    (venv / entorno.CREADO).write_text("", "utf-8")
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
        assert entorno.funciona(str(venv))
        assert not (venv / entorno.MARCA).exists()
        assert not entorno.leer_sello(str(venv))
    # La segunda vez ya había un entorno que servía.
    assert "Creo el entorno" not in hecho.stdout


def test_carpeta_ajena_no_se_toca(tmp_path):
    (tmp_path / "tesis.txt").write_text("capítulo 1", "utf-8")
    frase = una_frase(ejecutar_tareas("libro", TALLER_VENV=str(tmp_path)))
    assert "no está vacía" in frase
    assert (tmp_path / "tesis.txt").read_text("utf-8") == "capítulo 1"


def test_una_unidad_que_no_existe_se_dice(tmp_path, monkeypatch):
    """Como Z:\\ sin Z:, que no tiene una carpeta encima."""
    vistas = []

    def ninguna(ruta):
        vistas.append(ruta)
        assert len(vistas) < 100, "no para de subir"
        return False

    monkeypatch.setenv("TALLER_VENV", str(tmp_path / "curso" / "v"))
    monkeypatch.setattr(entorno.os.path, "isdir", ninguna)
    with pytest.raises(entorno.Problema, match="No existe la unidad .*TALLER_VENV"):
        entorno.espacio_libre(str(tmp_path))
    vistas.clear()
    with pytest.raises(entorno.Problema, match="No existe la unidad"):
        entorno.preparar("libro")
    assert not list(tmp_path.iterdir())


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
    monkeypatch.setattr(entorno, "espacio_libre", lambda _: 0.1)
    with pytest.raises(entorno.Problema, match="GB libres"):
        entorno.instalar(str(tmp_path / "v"), "libro")
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
    assert frase in entorno.explicar_fallo(registro)


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
    monkeypatch.setattr(entorno, "funciona", lambda _: True)
    sello = {"huella": entorno.huella_de_requisitos(), "nivel": "libro"}
    (venv / entorno.SELLO).write_text(json.dumps(sello), "utf-8")
    return venv


def prohibir(monkeypatch, nombre):
    def no(*_):
        pytest.fail(f"repitió trabajo: {nombre}")

    monkeypatch.setattr(entorno, nombre, no)


def test_la_segunda_vez_no_instala(entorno_listo, monkeypatch):
    prohibir(monkeypatch, "instalar")
    assert entorno.preparar("libro") == entorno.python_de(str(entorno_listo))


@pytest.mark.parametrize("cambio", ["nivel", "huella", "cortada"])
def test_si_algo_cambio_instala(entorno_listo, monkeypatch, cambio):
    hechas = []
    monkeypatch.setattr(entorno, "instalar", lambda *a: hechas.append(a))
    if cambio == "huella":
        monkeypatch.setenv("TALLER_VERSIONES", "nuevas" if not NUEVAS else "candado")
    elif cambio == "cortada":
        (entorno_listo / entorno.MARCA).write_text("", "utf-8")
    entorno.preparar("todo" if cambio == "nivel" else "libro")
    assert len(hechas) == 1


@pytest.mark.parametrize("propio", [True, False])
def test_una_instalacion_cortada_rehace_solo_lo_propio(
    entorno_listo, monkeypatch, propio
):
    """Un entorno que creó otra persona y arranca no se borra nunca."""
    hechas = []
    monkeypatch.setattr(entorno, "crear_entorno", hechas.append)
    monkeypatch.setattr(entorno.subprocess, "Popen", Pip)
    (entorno_listo / entorno.MARCA).write_text("", "utf-8")
    if propio:
        (entorno_listo / entorno.CREADO).write_text("", "utf-8")
    entorno.instalar(str(entorno_listo), "libro")
    assert len(hechas) == (1 if propio else 0)
    assert entorno.leer_sello(str(entorno_listo))["nivel"] == "libro"
    assert not (entorno_listo / entorno.MARCA).exists()


@pytest.fixture
def sin_pip(tmp_path, monkeypatch):
    """Un entorno que hizo otro programa, sin pip y con algo dentro."""
    venv = tmp_path / "v"
    orden = [sys.executable, "-m", "venv", "--without-pip", str(venv)]
    subprocess.run(orden, check=True)
    (venv / "tesis.txt").write_text("capítulo 1", "utf-8")
    monkeypatch.setattr(entorno, "correr_pip", lambda *_: (0, ""))
    monkeypatch.setattr(entorno, "espacio_libre", lambda _: 99)
    return venv


def test_a_un_entorno_ajeno_sin_pip_se_le_pone(sin_pip):
    assert not entorno.funciona(str(sin_pip))
    entorno.instalar(str(sin_pip), "libro")
    assert (sin_pip / "tesis.txt").exists()
    assert entorno.funciona(str(sin_pip)) and not entorno.es_propio(str(sin_pip))


@pytest.mark.parametrize("falla", ["pip", "python"])
def test_un_entorno_ajeno_que_no_sirve_no_se_borra(sin_pip, monkeypatch, falla):
    if falla == "pip":
        monkeypatch.setattr(entorno, "poner_pip", lambda _: False)
    else:
        Path(entorno.python_de(str(sin_pip))).unlink()
    with pytest.raises(entorno.Problema, match="no lo creó esta tarea: bórralo tú"):
        entorno.instalar(str(sin_pip), "libro")
    assert (sin_pip / "tesis.txt").exists() and (sin_pip / "pyvenv.cfg").exists()


def test_lo_que_queda_de_crear_a_medias_se_sabe_propio(tmp_path, monkeypatch):
    """Si algo corta el programa mientras crea el entorno, la siguiente lo rehace."""

    def cortar(*_, **__):
        raise KeyboardInterrupt

    venv = tmp_path / "v"
    with monkeypatch.context() as parche:
        parche.setattr(entorno.subprocess, "run", cortar)
        with pytest.raises(KeyboardInterrupt):
            entorno.crear_entorno(str(venv))
    (venv / "bin").mkdir(exist_ok=True)
    entorno.crear_entorno(str(venv))
    assert entorno.funciona(str(venv)) and entorno.es_propio(str(venv))


class Pip:
    """Un pip fingido que termina bien."""

    stdout = (b"  Downloading x/torch-2.13.0.whl (190.0 MB)\n",)

    def __init__(self, *_, **__):
        pass

    def wait(self):
        return 0


def test_lo_completo_sigue_completo(entorno_listo, monkeypatch):
    """Al cambiar el candado, construir el sitio no deja a medias lo demás."""
    (entorno_listo / entorno.SELLO).write_text(
        json.dumps({"huella": "otra", "nivel": "todo"}), "utf-8"
    )
    hechas = []
    monkeypatch.setattr(entorno, "instalar", lambda venv, nivel: hechas.append(nivel))
    entorno.preparar("libro")
    assert hechas == ["todo"]


# --- Qué PyTorch se instala ---------------------------------------------------------


@contextmanager
def indice_fingido(responder):
    """Un servidor de este equipo que hace de índice; da su dirección y lo pedido."""
    pedidos = []

    class Indice(BaseHTTPRequestHandler):
        def do_GET(self):
            pedidos.append(self.path)
            responder(self)

        def log_message(self, *_):
            pass

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Indice)
    servidor.daemon_threads = True
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}/whl/cpu", pedidos
    finally:
        servidor.shutdown()
        servidor.server_close()


def responde_bien(pedido):
    pedido.send_response(200)
    pedido.send_header("Content-Type", "text/html")
    pedido.end_headers()
    pedido.wfile.write(b"<html><a href='torch-9.9.9+cpu.whl'>torch</a></html>")


def no_existe(pedido):
    pedido.send_error(404)


def se_cuelga(pedido):
    time.sleep(20)


@pytest.fixture
def linux_sin_tarjeta(tmp_path, monkeypatch):
    """Un Linux corriente sin NVIDIA, sin torch y sin nada dicho a pip."""
    for nombre in list(os.environ):
        if nombre.startswith(("PIP_", "TALLER_TORCH")) or "_proxy" in nombre.lower():
            monkeypatch.delenv(nombre)
    monkeypatch.setattr(entorno.sys, "platform", "linux")
    monkeypatch.setattr(entorno.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(entorno, "hay_nvidia", lambda: False)
    monkeypatch.setattr(entorno, "falta_torch", lambda venv: True)
    monkeypatch.setattr(entorno, "PACIENCIA", 0.5)
    return str(tmp_path / "v")


@pytest.mark.parametrize("pedido", ["", "auto", "cpu"])
def test_sin_tarjeta_se_pide_el_torch_de_cpu(
    linux_sin_tarjeta, monkeypatch, capsys, pedido
):
    monkeypatch.setenv("TALLER_TORCH", pedido)
    with indice_fingido(responde_bien) as (direccion, pedidos):
        monkeypatch.setattr(entorno, "INDICE_CPU", direccion)
        assert entorno.quiere_torch_de_cpu(linux_sin_tarjeta)
    assert pedidos == ["/whl/cpu/torch/"]
    assert "2,5 GB de descarga" in capsys.readouterr().out


@pytest.mark.parametrize("responder", [no_existe, se_cuelga, None])
def test_si_el_indice_no_responde_se_sigue(
    linux_sin_tarjeta, monkeypatch, capsys, responder
):
    """Rechazado, ausente o colgado: una línea, y pronto."""
    inicio = time.monotonic()
    with indice_fingido(responder) as (direccion, _):
        if responder is None:
            direccion = "http://127.0.0.1:9/whl/cpu"
        monkeypatch.setattr(entorno, "INDICE_CPU", direccion)
        assert not entorno.quiere_torch_de_cpu(linux_sin_tarjeta)
        (linea,) = capsys.readouterr().out.splitlines()
        assert linea.startswith("No se llega al PyTorch de CPU")
        monkeypatch.setenv("TALLER_TORCH", "cpu")
        with pytest.raises(entorno.Problema, match="revisa la conexión"):
            entorno.quiere_torch_de_cpu(linux_sin_tarjeta)
    assert time.monotonic() - inicio < 8


@pytest.mark.parametrize(
    "caso", ["cuda", "nvidia", "mac", "windows", "otro", "instalado", "indice", "mas"]
)
def test_cuando_no_se_pregunta_por_el_torch_de_cpu(
    linux_sin_tarjeta, monkeypatch, caso
):
    monkeypatch.setattr(
        entorno, "indice_responde", lambda: pytest.fail("preguntó al índice")
    )
    if caso == "cuda":
        monkeypatch.setenv("TALLER_TORCH", "cuda")
    elif caso == "nvidia":
        monkeypatch.setattr(entorno, "hay_nvidia", lambda: True)
    elif caso in ("mac", "windows"):
        nombre = {"mac": "darwin", "windows": "win32"}[caso]
        monkeypatch.setattr(entorno.sys, "platform", nombre)
    elif caso == "otro":
        monkeypatch.setattr(entorno.platform, "machine", lambda: "ppc64le")
    elif caso == "instalado":
        monkeypatch.setattr(entorno, "falta_torch", lambda venv: False)
    elif caso == "indice":
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    else:
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/simple")
    assert not entorno.quiere_torch_de_cpu(linux_sin_tarjeta)


def test_torch_desconocido(tmp_path, monkeypatch):
    monkeypatch.setenv("TALLER_TORCH", "gpu")
    with pytest.raises(entorno.Problema, match="«gpu».*«auto», «cpu» o «cuda»"):
        entorno.torch_pedido()


def test_se_nota_la_tarjeta(monkeypatch):
    monkeypatch.setattr(entorno.shutil, "which", lambda _: None)
    monkeypatch.setattr(entorno.os.path, "exists", lambda ruta: False)
    assert not entorno.hay_nvidia()
    monkeypatch.setattr(entorno.os.path, "exists", lambda r: r == "/proc/driver/nvidia")
    assert entorno.hay_nvidia()
    monkeypatch.setattr(entorno.os.path, "exists", lambda ruta: False)
    monkeypatch.setattr(entorno.shutil, "which", lambda n: n == "nvidia-smi")
    assert entorno.hay_nvidia()


def test_con_cuda_hace_falta_mas_espacio(linux_sin_tarjeta, monkeypatch):
    assert entorno.espacio_necesario("todo") == entorno.ESPACIO["todo"]
    monkeypatch.setattr(entorno, "hay_nvidia", lambda: True)
    assert entorno.espacio_necesario("todo") == entorno.ESPACIO["con CUDA"]
    assert entorno.espacio_necesario("libro") == entorno.ESPACIO["libro"]
    monkeypatch.setenv("TALLER_TORCH", "cpu")
    assert entorno.espacio_necesario("todo") == entorno.ESPACIO["todo"]


def rueda_de_torch(carpeta, version):
    """Una rueda de mentira, con el nombre y la versión de la de CPU."""
    import zipfile

    ficha = f"torch-{version}.dist-info"
    ruta = carpeta / f"torch-{version}-py3-none-any.whl"
    with zipfile.ZipFile(ruta, "w") as rueda:
        rueda.writestr("torch.py", "")
        datos = f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n"
        rueda.writestr(f"{ficha}/METADATA", datos)
        etiqueta = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        rueda.writestr(f"{ficha}/WHEEL", etiqueta)
        rueda.writestr(f"{ficha}/RECORD", "")
    return ruta


@pytest.mark.lento
@pytest.mark.skipif(NUEVAS, reason="sin el candado no hay una versión fija")
def test_pip_de_verdad_instala_el_torch_de_cpu(tmp_path, monkeypatch, capfd):
    """Con un índice de este equipo: la versión del candado, y en su variante de CPU."""
    for nombre in list(os.environ):
        if nombre.startswith("PIP_") or "_proxy" in nombre.lower():
            monkeypatch.delenv(nombre)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")  # sale a la red
    monkeypatch.setattr(entorno, "puede_traer_cuda", lambda: True)
    monkeypatch.setattr(entorno, "hay_nvidia", lambda: False)
    venv = tmp_path / "v"
    monkeypatch.setenv("TALLER_VENV", str(venv))
    (fijo,) = candado.leer()["torch"].specifier
    rueda = rueda_de_torch(tmp_path, f"{fijo.version}+cpu")
    vieja = rueda_de_torch(tmp_path, "1.0.0+cpu")

    def responder(pedido):
        hallada = [r for r in (rueda, vieja) if unquote(pedido.path).endswith(r.name)]
        pedido.send_response(200)
        pedido.send_header("Content-Type", "text/html")
        pedido.end_headers()
        if hallada:
            pedido.wfile.write(hallada[0].read_bytes())
        else:
            enlaces = [f"<a href='{r.name}'>{r.name}</a>" for r in (rueda, vieja)]
            pedido.wfile.write("".join(enlaces).encode())

    entorno.crear_entorno(str(venv))
    assert entorno.falta_torch(str(venv))
    # Lo demás no se instala aquí: basta con que lo siguiente no cambie torch.
    monkeypatch.setattr(entorno, "pedidos", lambda nivel: ["--no-index", "torch"])
    with indice_fingido(responder) as (direccion, pedidos):
        monkeypatch.setattr(entorno, "INDICE_CPU", direccion)
        entorno.instalar(str(venv), "todo")
    orden = [entorno.python_de(str(venv)), "-m", "pip", "list", "--format", "json"]
    lista = json.loads(subprocess.run(orden, capture_output=True, check=True).stdout)
    (instalado,) = [p["version"] for p in lista if p["name"] == "torch"]
    assert instalado == f"{fijo.version}+cpu"
    assert all("torch" in camino for camino in pedidos)
    assert not entorno.falta_torch(str(venv))
    assert not (venv / entorno.MARCA).exists()
    # Si el candado sube de versión, el de CPU se cambia por otro de CPU.
    monkeypatch.setattr(entorno, "RAIZ", str(tmp_path))
    (tmp_path / "requisitos.lock").write_text("# x\ntorch==99.0\n", "utf-8")
    assert entorno.falta_torch(str(venv))


@pytest.mark.parametrize("pedido", ["auto", "cpu"])
def test_si_falla_el_torch_de_cpu(entorno_listo, monkeypatch, capsys, pedido):
    """Si nadie lo pidió, se sigue con el habitual; si se pidió, se explica."""
    monkeypatch.setenv("TALLER_TORCH", pedido)
    ordenes = []

    def pip(venv, opciones):
        ordenes.append(opciones)
        return int("--no-deps" in opciones), "ERROR: No matching distribution found"

    monkeypatch.setattr(entorno, "correr_pip", pip)
    monkeypatch.setattr(entorno, "quiere_torch_de_cpu", lambda venv: True)
    monkeypatch.setattr(entorno, "espacio_libre", lambda _: 99)
    if pedido == "cpu":
        with pytest.raises(entorno.Problema, match="Detalle en"):
            entorno.instalar(str(entorno_listo), "todo")
        assert len(ordenes) == 1 and not entorno.leer_sello(str(entorno_listo))
    else:
        entorno.instalar(str(entorno_listo), "todo")
        assert "No se pudo instalar el PyTorch de CPU" in capsys.readouterr().out
        assert ordenes[1] == ["-e", ".[todo]"]
        assert entorno.leer_sello(str(entorno_listo))["nivel"] == "todo"
    assert not (entorno_listo / entorno.MARCA).exists()
