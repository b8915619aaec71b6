"""El paquete sin red: qué lleva, con qué huellas, y a quién se niega el instalador."""

import hashlib
import importlib.metadata
import importlib.util
import json
import ntpath
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from herramientas.archivos import RAIZ
from herramientas.entorno import Problema
from herramientas.usb import __main__ as usb
from herramientas.usb import arbol, descarga, destinos, ensayo, ruedas
from herramientas.usb.destinos import SISTEMAS, Destino, cierre_para

INSTALADOR = arbol.PLANTILLAS / "instalar.py"
_ficha = importlib.util.spec_from_file_location("instalar_usb", INSTALADOR)
instalar = importlib.util.module_from_spec(_ficha)
_ficha.loader.exec_module(instalar)
AQUI = Destino(
    next(
        s
        for s in SISTEMAS.values()
        if dict(s.ambiente)["platform_system"] == instalar.platform.system()
    ),
    "{}.{}".format(*sys.version_info[:2]),
)


def rueda_minima(carpeta: Path, nombre: str = "saludo", texto: str = "hola") -> Path:
    """Una rueda de verdad, con un solo módulo, escrita a mano."""
    ficha = f"{nombre}-1.0.dist-info"
    dentro = {
        f"{nombre}.py": f"TEXTO = {texto!r}\n",
        f"{ficha}/METADATA": f"Metadata-Version: 2.1\nName: {nombre}\nVersion: 1.0\n",
        f"{ficha}/WHEEL": "Wheel-Version: 1.0\nGenerator: a mano\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    dentro[f"{ficha}/RECORD"] = "".join(
        f"{n},,\n" for n in [*dentro, f"{ficha}/RECORD"]
    )
    ruta = carpeta / f"{nombre}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(ruta, "w") as archivo:
        for n, contenido in dentro.items():
            archivo.writestr(n, contenido)
    return ruta


def rehacer(nombre: str, memoria: Path) -> Path:
    """La rueda de algo instalado aquí, hecha otra vez con sus archivos."""
    paquete = importlib.metadata.distribution(nombre)
    ruta = memoria / "ruedas" / f"{nombre}-{paquete.version}-py3-none-any.whl"
    with zipfile.ZipFile(ruta, "w") as archivo:
        for suyo in paquete.files:
            if ".." not in suyo.parts and suyo.suffix != ".pyc":
                archivo.write(suyo.locate(), suyo.as_posix())
    return ruta


@pytest.fixture(scope="module")
def paquete(tmp_path_factory) -> Path:
    """Un paquete de este curso, sin sitio y con una sola rueda, ya descomprimido."""
    carpeta = tmp_path_factory.mktemp("usb")
    traidas = {AQUI: [rueda_minima(carpeta)]}
    dentro = arbol.piezas(RAIZ, None, traidas)
    datos = arbol.contenido("9.9", dentro, traidas)
    comprimido = arbol.comprimir(carpeta / "paquete.zip", dentro, datos)
    with zipfile.ZipFile(comprimido) as archivo:
        modos = {f.filename: f.external_attr >> 16 for f in archivo.infolist()}
        archivo.extractall(carpeta / "memoria")
    assert modos["paquete/instalar.sh"] & 0o111
    return carpeta / "memoria" / "paquete"


def test_lleva_el_curso_el_modelo_los_datos_y_nada_de_quien_lo_hizo(paquete):
    hay = {r.relative_to(paquete).as_posix() for r in paquete.rglob("*") if r.is_file()}
    for nombre in (
        "instalar.sh",
        "instalar.bat",
        "instalar.py",
        "LEEME.txt",
        "contenido.json",
        "curso/notebooks/00_bienvenida.ipynb",
        "curso/notebooks/10_qlora_sft.ipynb",
        "curso/taller/recursos/semilla/model.safetensors",
        "curso/taller/recursos/adaptador/adapter_model.safetensors",
        "curso/taller/recursos/datos/verbos.jsonl",
        "curso/herramientas/usb/abrir.py",
        "ruedas/saludo-1.0-py3-none-any.whl",
    ):
        assert nombre in hay, nombre
    ajeno = ("/.git/", "/.venv", "/_build/", "/mis_cuadernos/", "/entregas/", ".pyc")
    assert not [n for n in hay if any(a in f"/{n}" for a in ajeno)]


def test_las_huellas_son_las_de_los_archivos(paquete):
    datos = json.loads((paquete / "contenido.json").read_text("utf-8"))
    hay = {r.relative_to(paquete).as_posix() for r in paquete.rglob("*") if r.is_file()}
    assert hay == set(datos["archivos"]) | {"contenido.json"}
    for nombre, (huella, pesa) in datos["archivos"].items():
        octetos = (paquete / nombre).read_bytes()
        assert (hashlib.sha256(octetos).hexdigest(), len(octetos)) == (huella, pesa)


def test_no_lleva_direcciones_de_descarga(paquete):
    assert "http" not in (paquete / "contenido.json").read_text("utf-8")


def correr(paquete: Path, *argumentos: str) -> subprocess.CompletedProcess:
    orden = [sys.executable, str(paquete / "instalar.py"), *argumentos]
    return subprocess.run(
        orden,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def cambiado(paquete: Path, tmp_path: Path, **cambios) -> Path:
    """Otro paquete, solo con el instalador y un contenido.json distinto."""
    datos = json.loads((paquete / "contenido.json").read_text("utf-8"))
    (datos["destinos"][AQUI.nombre]).update(cambios)
    (tmp_path / "instalar.py").write_bytes((paquete / "instalar.py").read_bytes())
    (tmp_path / "contenido.json").write_text(json.dumps(datos), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("cambios", "dice"),
    [
        ({"sistema": "Plan9"}, "el paquete trae:"),
        ({"maquina": "z80"}, "Pide uno para este equipo"),
        ({"python": "3.99"}, "bibliotecas para Python 3.99"),
        ({"instaladas_bytes": 10**18}, "libera espacio"),
        ({}, "la copia no está entera"),
    ],
)
def test_se_niega_y_dice_que_hacer(paquete, tmp_path, cambios, dice):
    lugar = cambiado(paquete, tmp_path, **cambios)
    hecho = correr(lugar, "--destino", str(tmp_path / "curso"))
    assert hecho.returncode == 1 and dice in hecho.stderr, hecho.stderr
    assert "Traceback" not in hecho.stderr and not (tmp_path / "curso").exists()


def test_un_archivo_danado_se_nombra(paquete, tmp_path):
    (tmp_path / "curso").mkdir()
    (tmp_path / "curso" / "x.txt").write_text("hola")
    huella = hashlib.sha256(b"hola").hexdigest()
    instalar.comprobar_huellas(str(tmp_path), {"curso/x.txt": [huella, 4]})
    (tmp_path / "curso" / "x.txt").write_text("hole")
    with pytest.raises(instalar.Problema, match=r"curso/x\.txt está dañado"):
        instalar.comprobar_huellas(str(tmp_path), {"curso/x.txt": [huella, 4]})


def test_no_pisa_una_carpeta_ajena(paquete, tmp_path):
    (tmp_path / "fotos.txt").write_text("mías")
    hecho = correr(paquete, "--destino", str(tmp_path))
    assert hecho.returncode == 1 and "no la hizo este instalador" in hecho.stderr
    assert [r.name for r in tmp_path.iterdir()] == ["fotos.txt"]


def test_sin_contenido_y_sin_bibliotecas(tmp_path):
    with pytest.raises(instalar.Problema, match="Falta contenido"):
        instalar.leer_contenido(str(tmp_path))
    with pytest.raises(instalar.Problema, match="abre-el-curso"):
        instalar.elegir({"destinos": {}, "archivos": {"sitio/index.html": []}})
    with pytest.raises(instalar.Problema, match=r"que instalar\.$"):
        instalar.elegir({"destinos": {}, "archivos": {}})


def _elegir_en(monkeypatch, sistema, **equipo):
    """Lo que dice el instalador en otro equipo, con un destino para él."""
    for nombre, valor in equipo.items():
        monkeypatch.setattr(instalar.platform, nombre, lambda valor=valor: valor)
    uno = {"sistema": sistema, "maquina": "x", "python": "3.12", "dicho": "otro"}
    datos = {"destinos": {"otro": uno}, "archivos": {"sitio/index.html": []}}
    return instalar.elegir(datos, sistema, "x", "3.12")


@pytest.mark.parametrize(
    ("sistema", "equipo", "dice"),
    [
        ("Linux", {"libc_ver": ("", "")}, "no usa glibc"),
        ("Linux", {"libc_ver": ("musl", "1.2.5")}, "no usa glibc"),
        ("Linux", {"libc_ver": ("glibc", "2.17")}, "trae glibc 2.17"),
        ("Darwin", {"mac_ver": ("13.6.1", ("", "", ""), "x")}, "macOS es 13.6.1"),
    ],
)
def test_un_sistema_viejo_se_dice_antes_de_copiar(monkeypatch, sistema, equipo, dice):
    with pytest.raises(instalar.Problema, match=dice) as fin:
        _elegir_en(monkeypatch, sistema, **equipo)
    assert str(fin.value).endswith("abre abre-el-curso.html.")


@pytest.mark.parametrize(
    ("sistema", "equipo"),
    [
        ("Linux", {"libc_ver": ("glibc", "2.28")}),
        ("Darwin", {"mac_ver": ("14.0", ("", "", ""), "x")}),
        ("Darwin", {"mac_ver": ("10.16", ("", "", ""), "x")}),
        ("Windows", {"libc_ver": ("", "")}),
    ],
)
def test_un_sistema_que_alcanza_sirve(monkeypatch, sistema, equipo):
    assert _elegir_en(monkeypatch, sistema, **equipo) == "otro"


def test_un_python_de_32_bits_no_sirve(monkeypatch):
    monkeypatch.setattr(instalar.sys, "maxsize", 2**31 - 1)
    with pytest.raises(instalar.Problema, match="instala el Python 3.12 de 64 bits"):
        _elegir_en(monkeypatch, "Windows")


def test_lo_que_pide_el_instalador_es_lo_que_piden_las_ruedas():
    glibc = "manylinux_{}_{}_x86_64".format(*instalar.GLIBC)
    assert SISTEMAS["linux-x86_64"].plataformas[0] == glibc
    macos = "macosx_{}_{}_arm64".format(*instalar.MACOS)
    assert SISTEMAS["macos-arm64"].plataformas == (macos,)


def test_una_unidad_que_no_existe_se_dice(monkeypatch):
    """En Windows, la carpeta de «Z:\\» es ella misma: no hay más arriba donde mirar."""
    miradas = []

    def no_esta(ruta):
        miradas.append(ruta)
        assert len(miradas) < 10, "no acaba"
        return False

    monkeypatch.setattr(instalar.os.path, "isdir", no_esta)
    monkeypatch.setattr(instalar.os.path, "dirname", ntpath.dirname)
    with pytest.raises(instalar.Problema, match=r"No existe Z:\\: conecta ese disco"):
        instalar.comprobar_espacio("Z:\\curso\\otro", 1)


def test_lo_que_la_version_nueva_no_trae_se_quita_y_lo_cambiado_no(tmp_path):
    (tmp_path / "curso").mkdir()
    for nombre in ("queda", "sobra", "cambiado"):
        (tmp_path / "curso" / nombre).write_text(nombre, "utf-8")
    viejos = {
        f"curso/{r.name}": [instalar.huella_de(str(r)), 1]
        for r in (tmp_path / "curso").iterdir()
    }
    instalar.quitar_sobrantes(str(tmp_path), {})  # sin una instalación anterior, nada
    hecho = {"copiados": instalar.por_copiar(viejos)}
    (tmp_path / instalar.HECHO).write_text(json.dumps(hecho), "utf-8")
    (tmp_path / "curso" / "cambiado").write_text("mío", "utf-8")
    instalar.quitar_sobrantes(str(tmp_path), {"curso/queda": viejos["curso/queda"]})
    quedan = {r.name for r in (tmp_path / "curso").iterdir()}
    assert quedan == {"queda", "cambiado"}


def test_cada_instalador_lleva_el_fin_de_linea_de_su_sistema(paquete):
    bat = (paquete / "instalar.bat").read_bytes()
    assert bat.count(b"\r\n") == bat.count(b"\n") == bat.count(b"\r") > 10
    assert b"\r" not in (paquete / "instalar.sh").read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="sh no está en Windows")
def test_instalar_sh_elige_un_python_o_dice_que_no_hay(paquete, tmp_path):
    orden = ["/bin/sh", str(paquete / "instalar.sh"), "--sirve"]
    carpeta = str(Path(sys.executable).parent)
    camino = f"{carpeta}:{os.defpath}"
    hecho = subprocess.run(
        orden, capture_output=True, encoding="utf-8", env={"PATH": camino}
    )
    assert hecho.returncode == 0 and AQUI.nombre in hecho.stdout, hecho.stderr
    for nombre in ("dirname", "cat"):
        (tmp_path / nombre).symlink_to(f"/usr/bin/{nombre}")
    hecho = subprocess.run(
        orden, capture_output=True, encoding="utf-8", env={"PATH": str(tmp_path)}
    )
    assert hecho.returncode == 1 and "No encuentro Python" in hecho.stderr


@pytest.mark.lento
def test_instala_de_verdad_en_un_entorno_nuevo(tmp_path):
    """Una rueda y un curso de juguete: el camino entero, sin red y sin bibliotecas."""
    memoria, casa = tmp_path / "memoria", tmp_path / "una casa con espacios"
    memoria.mkdir()
    curso = {
        "curso/setup.py": "from setuptools import setup\nsetup(name='j', version='1',"
        " py_modules=['juguete'])\n",
        "curso/juguete.py": "import saludo\nprint(saludo.TEXTO)\n",
        "curso/viejo.txt": "la próxima versión no lo trae\n",
    }
    for nombre, texto in curso.items():
        (memoria / nombre).parent.mkdir(exist_ok=True)
        (memoria / nombre).write_text(texto, "utf-8")
    (memoria / "ruedas").mkdir()
    llevadas = [rueda_minima(memoria / "ruedas"), rehacer("setuptools", memoria)]
    dentro = {
        r.relative_to(memoria).as_posix(): r for r in memoria.rglob("*") if r.is_file()
    }
    datos = arbol.contenido("1", dentro, {AQUI: llevadas})
    (memoria / "contenido.json").write_text(json.dumps(datos), "utf-8")
    (memoria / "instalar.py").write_bytes(INSTALADOR.read_bytes())
    hecho = correr(memoria, "--destino", str(casa))
    registro = casa / "instalacion.txt"
    assert hecho.returncode == 0, hecho.stderr + registro.read_text("utf-8")
    python = instalar.python_de(str(casa / "entorno"))
    limpio = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    dicho = subprocess.run(
        [python, "-c", "import juguete"], capture_output=True, text=True, env=limpio
    )
    assert dicho.stdout == "hola\n", dicho.stderr
    assert not (casa / ".instalando").exists() and (casa / "abrir.sh").exists()
    # Instalar encima no pierde lo que alguien escribió, y quita lo que ya no va.
    assert (casa / "curso" / "viejo.txt").exists()
    del datos["archivos"]["curso/viejo.txt"]
    (memoria / "contenido.json").write_text(json.dumps(datos), "utf-8")
    (casa / "curso" / "mis_cuadernos").mkdir()
    (casa / "curso" / "mis_cuadernos" / "mio.ipynb").write_text("{}")
    assert correr(memoria, "--destino", str(casa)).returncode == 0
    assert (casa / "curso" / "mis_cuadernos" / "mio.ipynb").exists()
    assert not (casa / "curso" / "viejo.txt").exists()


# --- Qué se baja ----------------------------------------------------------------------


@pytest.mark.parametrize("sistema", SISTEMAS.values(), ids=lambda s: s.nombre)
def test_cada_sistema_lleva_lo_suyo_y_nada_de_cuda(sistema):
    pide = cierre_para(Destino(sistema, "3.12"))
    assert {"torch", "jupyterlab", "ipykernel", "trl", "setuptools"} <= set(pide)
    assert not [n for n in pide if n.startswith(("nvidia", "cuda", "triton"))]
    assert ("pywinpty" in pide) == (sistema.nombre == "windows-amd64")
    assert ("appnope" in pide) == (sistema.nombre == "macos-arm64")
    assert ("pexpect" in pide) == (sistema.nombre != "windows-amd64")
    assert pide["torch"] == destinos.del_candado()["torch"][0][1]


def test_lo_que_se_deja_fuera_no_va():
    entero = set(cierre_para(AQUI))
    ligero = set(cierre_para(AQUI, tuple(destinos.PRESCINDIBLES)))
    assert {"gradio", "lm-eval", "xllamacpp", "datatrove"} <= entero - ligero
    assert {"torch", "jupyterlab", "ipywidgets"} <= ligero
    # Lo que pide `semilla` en las lecciones está en la base: nada de eso se quita.
    assert {"transformers", "peft", "bitsandbytes", "datasets"} <= ligero


def test_una_descarga_cortada_sigue_donde_iba(tmp_path, monkeypatch):
    entera = os.urandom(3 * descarga.TROZO)
    huella, pedidos = hashlib.sha256(entera).hexdigest(), []

    class Respuesta:
        def __init__(self, desde, corta):
            self.trozos = (
                [entera[desde:][: descarga.TROZO]] if corta else [entera[desde:]]
            )
            self.headers = {"Content-Length": str(len(entera) - desde)}

        def read(self, _):
            return self.trozos.pop(0) if self.trozos else b""

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    def abrir(_, desde):
        pedidos.append(desde)
        return Respuesta(desde, corta=len(pedidos) == 1), bool(desde)

    monkeypatch.setattr(descarga, "_abrir", abrir)
    monkeypatch.setattr(descarga.time, "sleep", lambda _: None)
    rueda = descarga.Rueda("x-1-py3-none-any.whl", "lejos", huella)
    assert descarga.bajar(rueda, tmp_path).read_bytes() == entera
    assert pedidos == [0, descarga.TROZO]
    assert descarga.bajar(rueda, tmp_path).exists() and len(pedidos) == 2
    mala = descarga.Rueda("y-1-py3-none-any.whl", "lejos", "0" * 64)
    with pytest.raises(Problema, match="llegó dañado"):
        descarga.bajar(mala, tmp_path)
    assert not list(tmp_path.glob("y-*"))


def test_sin_red_y_sin_disco_se_dice(tmp_path, monkeypatch):
    monkeypatch.setattr(descarga.time, "sleep", lambda _: None)

    def cortar(*_):
        raise ConnectionResetError("adiós")

    monkeypatch.setattr(descarga, "_abrir", cortar)
    with pytest.raises(Problema, match="sigue donde iba"):
        descarga.bajar(descarga.Rueda("x.whl", "lejos", ""), tmp_path)
    with pytest.raises(Problema, match="No cabe x en"):
        descarga.exigir_espacio(tmp_path, 10**18, "x")


def test_lo_que_pide_una_rueda_y_no_va_se_nota(tmp_path):
    ruta = rueda_minima(tmp_path)
    with zipfile.ZipFile(ruta) as archivo:
        dentro = {n: archivo.read(n).decode() for n in archivo.namelist()}
    dentro["saludo-1.0.dist-info/METADATA"] += (
        "Requires-Dist: otra>=2\n"
        'Requires-Dist: solo-windows; sys_platform == "win32"\n'
        'Requires-Dist: un-extra; extra == "todo"\n'
    )
    with zipfile.ZipFile(ruta, "w") as archivo:
        for n, contenido in dentro.items():
            archivo.writestr(n, contenido)
    otra = rueda_minima(tmp_path, "otra")
    nombres = ("linux-x86_64", "windows-amd64")
    linux, windows = (Destino(SISTEMAS[n], "3.12") for n in nombres)
    assert ruedas.que_falta(linux, [ruta]) == ["otra>=2 (de saludo)"]
    assert ruedas.que_falta(linux, [ruta, otra]) == ["otra>=2 (de saludo)"]  # es la 1.0
    assert "solo-windows (de saludo)" in ruedas.que_falta(windows, [ruta])
    assert ruedas.que_falta(linux, [otra]) == []


def test_una_rueda_compilada_de_otra_version_no_sirve(tmp_path, monkeypatch):
    pedidos = []

    def pip(*orden):
        pedidos.append(orden[-1])
        (tmp_path / "foo_bar-2.0-py3-none-any.whl").touch()
        return subprocess.CompletedProcess(orden, 0, "", "")

    monkeypatch.setattr(ruedas, "_pip", pip)
    (tmp_path / "foo_bar-1.0-py3-none-any.whl").touch()
    for _ in range(2):
        hecha = ruedas.compilar("foo-bar==2.0", tmp_path)
        assert hecha.name == "foo_bar-2.0-py3-none-any.whl"
    assert pedidos == ["foo-bar==2.0"]
    assert ruedas.compilar("foo-bar==1.0", tmp_path).name.startswith("foo_bar-1.0-")


def test_sin_el_torch_de_cpu_no_hay_paquete(tmp_path, monkeypatch):
    pedidas = []

    def sin_torch(destino, pedidos, carpeta, *mas):
        pedidas.append(pedidos)
        return [], "torch"

    monkeypatch.setattr(ruedas, "_direcciones", sin_torch)
    with pytest.raises(Problema, match="de CPU, y con CUDA no se empaqueta"):
        ruedas.resolver(Destino(SISTEMAS["linux-x86_64"], "3.12"), (), tmp_path)
    assert all(p[0].endswith("+cpu") for p in pedidas)


def test_dice_que_se_puede_elegir(capsys):
    assert usb.principal(["--que"]) == 0
    dicho = capsys.readouterr().out
    assert all(s in dicho for s in (*SISTEMAS, *destinos.PRESCINDIBLES))


def test_el_curso_instalado_se_abre_en_una_copia(monkeypatch, tmp_path):
    from herramientas.usb import abrir

    ordenes = []
    monkeypatch.setattr(abrir, "copiar", lambda *a: ordenes.append(a) or [])
    monkeypatch.setattr(abrir.subprocess, "call", lambda o, **_: ordenes.append(o) or 7)
    assert abrir.principal(["--no-browser"]) == 7
    assert ordenes[0][1].endswith("mis_cuadernos")
    assert (
        ordenes[1][-1] == "--no-browser" and str(RAIZ / "mis_cuadernos") in ordenes[1]
    )


def test_un_disco_que_no_deja_escribir_se_dice(monkeypatch, tmp_path, capsys):
    def lleno(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(usb.arbol, "piezas", lleno)
    assert usb.principal(["--sin-ruedas", "--carpeta", str(tmp_path)]) == 1
    dicho = capsys.readouterr().err
    assert f"No se pudo escribir {tmp_path}: no queda espacio en el disco." in dicho


# --- El ensayo ------------------------------------------------------------------------


@pytest.fixture
def por_ensayar(tmp_path, monkeypatch):
    """Un repositorio de mentira y su paquete; instalarlo falla."""
    raiz = tmp_path / "repositorio"
    raiz.mkdir()
    (raiz / "uno.py").write_text("1", "utf-8")
    monkeypatch.setattr(arbol, "del_curso", lambda _: ["uno.py"])
    dentro = arbol.piezas(raiz, None, {})
    paquete = tmp_path / "paquete.zip"
    arbol.comprimir(paquete, dentro, arbol.contenido("9.9", dentro, {}))

    def no_se_instala(*_):
        raise AssertionError("llegó a instalar")

    monkeypatch.setattr(ensayo, "ensayar", no_se_instala)
    return raiz, paquete


def test_una_leccion_que_no_existe_se_dice_antes_de_instalar(
    por_ensayar, monkeypatch, capsys
):
    _, paquete = por_ensayar
    monkeypatch.setattr(usb, "TALLER", paquete.parent)
    monkeypatch.setattr(usb, "nombre_del_paquete", lambda _: paquete.name)
    assert ensayo.principal(["00", "99"]) == 1
    assert capsys.readouterr().err.startswith("No hay lección 99; elige de 00, 01")
    monkeypatch.setattr(arbol, "del_curso", lambda _: [])
    assert ensayo.principal(["00"]) == 1
    assert "ejecuta «make usb» y repite" in capsys.readouterr().err


def test_un_paquete_de_un_codigo_anterior_no_se_ensaya(por_ensayar, monkeypatch):
    raiz, paquete = por_ensayar
    ensayo.comprobar_paquete(paquete, raiz)
    (raiz / "uno.py").write_text("2", "utf-8")
    with pytest.raises(Problema, match="cambió curso/uno.py: ejecuta «make usb»"):
        ensayo.comprobar_paquete(paquete, raiz)
    monkeypatch.setattr(arbol, "del_curso", lambda _: [])
    with pytest.raises(Problema, match="cambió curso/uno.py"):
        ensayo.comprobar_paquete(paquete, raiz)
    paquete.write_bytes(b"cortado")
    with pytest.raises(Problema, match="está dañado: bórralo"):
        ensayo.comprobar_paquete(paquete, raiz)
