"""El preentrenamiento: se reanuda con la misma curva y rechaza lo que no cuadra."""

import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from herramientas.archivos import RAIZ, recuperar_carpeta, reemplazar_carpeta
from herramientas.semilla import carpeta as modulo_carpeta
from herramientas.semilla import datos, exportar, preentrenar
from herramientas.semilla.carpeta import recortar_historial

pytestmark = [pytest.mark.lento, pytest.mark.usefixtures("un_hilo")]

CHICO = (
    "--vocabulario 320 --ancho 128 --intermedio 32 --capas 1 --lote 4 --largo 32 "
    "--cada 4 --copias 4 --sin-compilar"
).split()
FILA = 4 * 32  # tokens por paso
DOCE = 12 * FILA


def escribir_corpus(carpeta, parrafo):
    """Dos fuentes de seis documentos cada una."""
    carpeta.mkdir(exist_ok=True)
    for fuente in ("cuentos", "normas"):
        with gzip.open(carpeta / f"{fuente}.jsonl.gz", "wt", encoding="utf-8") as f:
            for i in range(6):
                texto = f"{fuente} {i}. " + parrafo * (12 + i)
                f.write(json.dumps({"texto": texto}, ensure_ascii=False) + "\n")
    return carpeta


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return escribir_corpus(
        tmp_path_factory.mktemp("corpus"),
        "La lluvia llegó al valle y los ríos crecieron hasta la orilla del pueblo. ",
    )


@pytest.fixture(scope="module")
def otro_corpus(tmp_path_factory):
    return escribir_corpus(
        tmp_path_factory.mktemp("otro"),
        "El camión cargado de papa subió por la trocha hasta la plaza de mercado. ",
    )


def en_proceso(corpus, salida, tokens, *mas):
    """Corre el programa aquí mismo; devuelve la frase con que termina, o nada."""
    orden = ["x", "--corpus", str(corpus), "--salida", str(salida)]
    with pytest.MonkeyPatch.context() as cambio:
        cambio.setattr(sys, "argv", [*orden, "--tokens", str(tokens), *CHICO, *mas])
        try:
            preentrenar.main()
        except SystemExit as fin:
            return fin.code
    return None


@pytest.fixture(scope="module")
def terminado(corpus, tmp_path_factory):
    """Una salida de 12 pasos, que cada prueba copia y daña."""
    salida = tmp_path_factory.mktemp("terminado") / "s"
    assert en_proceso(corpus, salida, DOCE) is None
    return salida


@pytest.fixture
def copia(terminado, tmp_path):
    return Path(shutil.copytree(terminado, tmp_path / "copia"))


def cortar_en_el_8(corpus, salida, tokens):
    """Entrena y, como con Ctrl+C, corta justo tras el punto de control del paso 8."""
    guardar = modulo_carpeta.guardar_punto

    def cortar(carpeta, paso, *resto):
        guardar(carpeta, paso, *resto)
        if paso == 8:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as cambio:
        cambio.setattr(preentrenar, "guardar_punto", cortar)
        assert en_proceso(corpus, salida, tokens) == 130


@pytest.fixture
def cortado(corpus, tmp_path):
    """Una salida cortada en el paso 8 de 40: la tasa aún no baja."""
    cortar_en_el_8(corpus, tmp_path / "cortado", 40 * FILA)
    return tmp_path / "cortado"


def contenido(carpeta):
    """Los octetos de cada archivo de una carpeta, menos el cerrojo."""
    return {
        a.relative_to(carpeta): a.read_bytes()
        for a in carpeta.rglob("*")
        if a.is_file() and a.name != ".cerrojo"
    }


@pytest.fixture(scope="module")
def anterior(corpus, tmp_path_factory):
    """La salida de un entrenamiento de 40 pasos, del que otros heredan."""
    salida = tmp_path_factory.mktemp("anterior")
    assert en_proceso(corpus, salida, 40 * FILA) is None
    return salida


def curva(salida):
    lineas = (salida / "historial.jsonl").read_text().splitlines()
    return {d["paso"]: d["perdida"] for d in map(json.loads, lineas)}


def test_reanudar_sigue_la_misma_curva(corpus, tmp_path, capsys):
    """El mismo entrenamiento de 12 pasos, de una vez y cortado en el 8."""
    import torch

    seguido, partido = tmp_path / "a", tmp_path / "b"
    assert en_proceso(corpus, seguido, DOCE, "--enfriado", "0.3") is None
    assert (seguido / "modelo" / "model.safetensors").exists()
    entera = curva(seguido)
    punto = torch.load(seguido / "punto.pt", weights_only=True)
    assert punto["paso"] == 12 and len(entera) == 12
    cortar_en_el_8(corpus, partido, DOCE)
    assert (partido / "punto.pt").exists() and not (partido / "modelo").exists()
    assert "Interrumpido" in capsys.readouterr().err
    assert en_proceso(corpus, partido, DOCE, "--enfriado", "0.3") is None
    assert "Reanudo en el paso 8" in capsys.readouterr().out
    assert curva(partido).keys() == entera.keys()
    assert all(abs(curva(partido)[k] - entera[k]) < 1e-3 for k in entera)


def test_linea_mala_dice_archivo_y_numero(tmp_path):
    with gzip.open(tmp_path / "malo.jsonl.gz", "wt", encoding="utf-8") as f:
        f.write('{"texto": "bien"}\n{"texto": \n')
    assert "malo.jsonl.gz, línea 2" in en_proceso(tmp_path, tmp_path / "salida", 1000)


def test_carpeta_sin_corpus(tmp_path):
    frase = en_proceso(tmp_path, tmp_path / "salida", 1000)
    assert "No hay archivos .jsonl.gz" in frase


def test_hereda_los_pesos_de_otro_tokenizador(corpus, anterior, tmp_path):
    """El segundo tramo empieza mejor que desde cero y suma lo que costó el primero."""
    con, sin, desde = tmp_path / "b", tmp_path / "c", ("--desde", str(anterior))
    otro = ("--vocabulario", "400")
    assert en_proceso(corpus, con, 4 * FILA, *otro, *desde) is None
    assert en_proceso(corpus, sin, 4 * FILA, *otro) is None
    assert curva(con)[0] < curva(sin)[0]
    informe = json.loads((con / "semilla.json").read_text())
    assert informe["ajustes"]["pasos_heredados"] == 40
    frase = en_proceso(corpus, tmp_path / "d", 4 * FILA, "--ancho", "256", *desde)
    assert "otra forma" in frase


def test_hereda_un_modelo_exportado(corpus, anterior, tmp_path):
    """Quien no tiene los puntos de control parte del modelo que viene en el paquete."""
    con, desde = tmp_path / "b", ("--desde", str(anterior / "modelo"))
    assert en_proceso(corpus, con, 4 * FILA, *desde) is None
    assert curva(con)[0] < curva(anterior)[0]
    informe = json.loads((con / "semilla.json").read_text())
    assert informe["ajustes"]["pasos_heredados"] == 40
    vacia = en_proceso(corpus, tmp_path / "c", FILA, "--desde", str(tmp_path))
    assert "No hay pesos" in vacia


def test_el_manual_no_trae_lo_que_ensena_el_ajuste():
    """Los encargos sobre verbos no escriben ninguna forma de vos ni de usted."""
    from herramientas.semilla.datos import manual_de_verbos
    from taller import conjugar
    from taller.verbos.conjugacion import TIEMPOS

    manual = manual_de_verbos()
    assert {persona for persona, _ in manual} == {"tú", "ellos"}
    assert len(manual["tú", "presente"]) > 800
    for (_, tiempo), formas in manual.items():
        assert not {"ser", "ir", "haber"} & formas.keys()
        for verbo, forma in formas.items():
            assert forma not in {conjugar(verbo, "usted", t) for t in TIEMPOS}
            if conjugar(verbo, "vos", tiempo) != conjugar(verbo, "tú", tiempo):
                assert forma != conjugar(verbo, "vos", tiempo)
            assert forma != conjugar(verbo, "vos", "imperativo")


# --- La carpeta es de quien la empezó -----------------------------------------------


@pytest.mark.parametrize("sin_punto", [False, True])
def test_otro_corpus_en_la_misma_carpeta_se_rechaza(copia, otro_corpus, sin_punto):
    if sin_punto:
        (copia / "punto.pt").unlink()
    antes = contenido(copia)
    frase = en_proceso(otro_corpus, copia, DOCE)
    assert "en el corpus cambió cuentos.jsonl.gz" in frase and "--salida" in frase
    assert contenido(copia) == antes


def test_un_archivo_de_mas_o_de_menos_es_otro_corpus(copia, corpus, tmp_path):
    otro = Path(shutil.copytree(corpus, tmp_path / "corpus"))
    (otro / "normas.jsonl.gz").rename(otro / "leyes.jsonl.gz")
    frase = en_proceso(otro, copia, DOCE)
    assert "le sobra leyes.jsonl.gz" in frase and "le falta normas.jsonl.gz" in frase


@pytest.mark.parametrize(
    ("opcion", "valor"),
    [
        ("--vocabulario", "400"),
        ("--ancho", "256"),
        ("--capas", "2"),
        ("--lote", "8"),
        ("--largo", "16"),
        ("--tareas", "0.5"),
        ("--tasa", "0.001"),
        ("--semilla", "1"),
    ],
)
def test_otro_ajuste_en_la_misma_carpeta_se_rechaza(copia, corpus, opcion, valor):
    antes = contenido(copia)
    frase = en_proceso(corpus, copia, DOCE, opcion, valor)
    assert f"{opcion} era " in frase and f" y ahora es {valor}" in frase
    assert contenido(copia) == antes


def test_el_hub_y_otros_pesos_tambien_se_sellan(copia, corpus, terminado):
    frase = en_proceso(corpus, copia, DOCE, "--desde", str(terminado))
    assert "los pesos de --desde son otros" in frase
    viejo = {"corpus": {"a.jsonl.gz": "1"}, "ajustes": {}}
    nuevo = {"corpus": {"hub": "x/y", "caracteres": 5.0}, "ajustes": {}}
    with pytest.raises(SystemExit, match="era una carpeta y ahora es x/y hasta 5.0"):
        modulo_carpeta.comprobar_sello(copia, viejo, nuevo)
    mas = {"corpus": {"hub": "x/y", "caracteres": 9.0}, "ajustes": {}}
    with pytest.raises(SystemExit, match=r"hasta 5\.0 .* hasta 9\.0 caracteres"):
        modulo_carpeta.comprobar_sello(copia, nuevo, mas)


def test_menos_tokens_de_los_ya_entrenados_se_rechaza(copia, corpus):
    frase = en_proceso(corpus, copia, 8 * FILA)
    assert "ya va en el paso 12 y esta orden pide 8" in frase


def test_el_plan_no_cambia_si_la_tasa_ya_bajo(corpus, tmp_path):
    salida = tmp_path / "s"
    assert en_proceso(corpus, salida, DOCE, "--enfriado", "1") is None
    frase = en_proceso(corpus, salida, 2 * DOCE, "--enfriado", "1")
    assert "la tasa ya empezó a bajar" in frase and "--tokens 1536" in frase


@pytest.mark.parametrize("pasos", [60, 20])
def test_antes_de_que_baje_el_plan_puede_cambiar(cortado, corpus, capsys, pasos):
    assert en_proceso(corpus, cortado, pasos * FILA, "--repaso", "2") is None
    assert f"Reanudo en el paso 8 de {pasos + 2}." in capsys.readouterr().out
    assert len(curva(cortado)) == pasos + 2


def test_una_carpeta_de_antes_del_sello_se_comprueba(copia, corpus, capsys):
    (copia / "carpeta.json").unlink()
    assert en_proceso(corpus, copia, DOCE) is None
    assert "es de antes de carpeta.json" in capsys.readouterr().out
    assert "corpus" in json.loads((copia / "carpeta.json").read_text())


def test_una_carpeta_de_antes_con_otro_corpus_se_rechaza(copia, otro_corpus):
    (copia / "carpeta.json").unlink()
    antes = contenido(copia)
    assert "se hizo con otro corpus" in en_proceso(otro_corpus, copia, DOCE)
    assert contenido(copia) == antes
    (copia / "tokens.npy").unlink()
    assert "le falta tokens.npy" in en_proceso(otro_corpus, copia, DOCE)


def test_una_carpeta_de_antes_y_sin_pesos_se_rehace(copia, otro_corpus):
    (copia / "carpeta.json").unlink()
    (copia / "punto.pt").unlink()
    viejos = (copia / "tokens.npy").read_bytes()
    assert en_proceso(otro_corpus, copia, DOCE) is None
    assert (copia / "tokens.npy").read_bytes() != viejos
    assert len(curva(copia)) == 12


# --- Lo que se daña o se corta ------------------------------------------------------


def test_dos_entrenamientos_no_comparten_carpeta(copia, corpus):
    guion = "import filelock, sys, time\nwith filelock.FileLock(sys.argv[1]):\n"
    guion += "    print('listo', flush=True); time.sleep(60)"
    orden = [sys.executable, "-c", guion, str(copia / ".cerrojo")]
    with subprocess.Popen(orden, stdout=subprocess.PIPE, text=True) as otro:
        try:
            assert otro.stdout.readline() == "listo\n"
            antes = contenido(copia)
            frase = en_proceso(corpus, copia, DOCE)
        finally:
            otro.kill()
    assert "Otro entrenamiento está usando" in frase and contenido(copia) == antes
    assert en_proceso(corpus, copia, DOCE) is None  # muerto el otro, se suelta solo


@pytest.mark.parametrize("nombre", ["tokenizador.json", "tokens.npy", "punto.pt"])
@pytest.mark.parametrize("dano", ["cortado", "vacío", "un octeto"])
def test_un_archivo_danado_se_nombra_y_borrado_se_repite(copia, corpus, nombre, dano):
    ruta, entera = copia / nombre, curva(copia)
    octetos = bytearray(ruta.read_bytes())
    octetos[len(octetos) // 2] ^= 1
    nuevos = {"cortado": octetos[: len(octetos) // 2], "vacío": b""}
    ruta.write_bytes(nuevos.get(dano, octetos))
    frase = en_proceso(corpus, copia, DOCE)
    assert f"{ruta} está dañado: bórralo y repite la orden." == frase
    ruta.unlink()
    assert en_proceso(corpus, copia, DOCE) is None
    assert curva(copia) == pytest.approx(entera, abs=1e-3)


@pytest.mark.parametrize("sello", ["", "{", "[]", "{}", '{"corpus": 1}', "\udcff"])
def test_un_sello_danado_se_nombra(copia, corpus, sello):
    (copia / "carpeta.json").write_bytes(sello.encode(errors="surrogateescape"))
    assert "carpeta.json está dañado: bórralo" in en_proceso(corpus, copia, DOCE)


@pytest.mark.parametrize("objeto", [{}, [], {"modelo": {}, "paso": 8}])
def test_un_punto_que_no_lo_es_se_nombra(copia, corpus, objeto):
    import torch

    torch.save(objeto, copia / "punto.pt")
    assert "punto.pt está dañado: bórralo" in en_proceso(corpus, copia, DOCE)


def test_si_el_tokenizador_no_sale_igual_no_se_sigue(copia, corpus, monkeypatch):
    (copia / "tokenizador.json").unlink()
    entrenar = preentrenar.entrenar_tokenizador
    monkeypatch.setattr(
        preentrenar, "entrenar_tokenizador", lambda textos, v: entrenar(textos, v - 9)
    )
    assert "no salió igual" in en_proceso(corpus, copia, DOCE)


@pytest.mark.parametrize(
    ("opcion", "valor", "dice"),
    [
        ("--ancho", "64", "--ancho 64 no sirve: hace falta un múltiplo de 128"),
        ("--ancho", "320", "múltiplo de 128"),
        ("--lote", "0", "«0» no sirve: hace falta un entero de 1 o más"),
        ("--cada", "0", "«0» no sirve"),
        ("--copias", "-1", "«-1» no sirve"),
        ("--capas", "dos", "«dos» no sirve"),
    ],
)
def test_un_numero_que_no_sirve_se_dice_al_empezar(
    corpus, tmp_path, opcion, valor, dice
):
    assert dice in en_proceso(corpus, tmp_path / "s", DOCE, f"{opcion}={valor}")
    assert not (tmp_path / "s").exists()


HISTORIAL = [json.dumps({"paso": p, "perdida": 1.0 + p}) for p in range(6)]


@pytest.mark.parametrize(
    ("lineas", "quedan", "aviso"),
    [
        (HISTORIAL, [0, 1, 2, 3], ""),
        (HISTORIAL[:4] + ['{"paso": 4, "per'], [0, 1, 2, 3], ""),
        (HISTORIAL[:3] + HISTORIAL[1:5], [0, 1, 2, 3], ""),
        (["\0\udcff", "[]", "3", '{"paso": "x"}', *HISTORIAL], [0, 1, 2, 3], ""),
        (HISTORIAL[2:], [2, 3], "le faltan 2 pasos de 4"),
        ([], [], "la curva empieza en el paso 4"),
        (None, [], "la curva empieza en el paso 4"),
    ],
)
def test_el_historial_se_recorta_sea_como_sea(tmp_path, capsys, lineas, quedan, aviso):
    if lineas is not None:
        texto = "\n".join(lineas)
        (tmp_path / "historial.jsonl").write_bytes(
            texto.encode(errors="surrogateescape")
        )
    recortar_historial(tmp_path, 4)
    assert list(curva(tmp_path)) == quedan
    dicho = capsys.readouterr().out
    assert aviso in dicho and bool(dicho) == bool(aviso)


def test_sin_punto_el_historial_empieza_de_cero(copia, corpus):
    """Morir antes del primer punto de control no repite pasos."""
    (copia / "punto.pt").unlink()
    assert en_proceso(corpus, copia, DOCE) is None
    lineas = (copia / "historial.jsonl").read_text().splitlines()
    assert [json.loads(x)["paso"] for x in lineas] == list(range(12))


@pytest.mark.parametrize(
    "falla",
    [RuntimeError("[enforce fail at inline_container.cc:672]"), OSError(28, "x")],
)
def test_sin_espacio_el_punto_de_antes_queda_entero(
    cortado, corpus, falla, monkeypatch
):
    antes = (cortado / "punto.pt").read_bytes()

    def sin_espacio(_, ruta):
        Path(ruta).write_bytes(b"a medias")
        raise falla

    with monkeypatch.context() as cambio:
        cambio.setattr("torch.save", sin_espacio)
        frase = en_proceso(corpus, cortado, 40 * FILA)
    assert "No se pudo guardar" in frase and "espacio" in frase
    assert (cortado / "punto.pt").read_bytes() == antes
    assert not (cortado / "punto.tmp").exists()


def test_si_no_se_puede_escribir_lo_dice(copia, corpus, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("soy un archivo")
    assert "ya hay un archivo con ese nombre" in en_proceso(
        corpus, tmp_path / "archivo", DOCE
    )

    def sin_permiso(*_, **__):
        raise PermissionError(13, "Permission denied", "tokens.tmp.npy")

    (copia / "tokens.npy").unlink()
    monkeypatch.setattr("numpy.save", sin_permiso)
    frase = en_proceso(corpus, copia, DOCE)
    assert "No se pudo usar tokens.tmp.npy: no tienes permiso" in frase


def test_con_el_disco_lleno_de_verdad(cortado, corpus):
    """Un tope de tamaño de archivo hace fallar la escritura de torch, no la nuestra."""
    resource = pytest.importorskip("resource")  # en Windows no hay
    antes = (cortado / "punto.pt").read_bytes()
    topes = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(antes) // 2, topes[1]))
    try:
        frase = en_proceso(corpus, cortado, 40 * FILA)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, topes)
    assert "No se pudo guardar" in frase and "punto.pt" in frase
    assert (cortado / "punto.pt").read_bytes() == antes


def test_interrumpir_termina_con_una_frase(corpus, tmp_path):
    orden = ["--corpus", str(corpus), "--salida", str(tmp_path / "s")]
    programa = subprocess.Popen(
        [sys.executable, "-m", "herramientas.semilla.preentrenar", *orden]
        + ["--tokens", "1e7", *CHICO],
        cwd=RAIZ,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    limite = time.time() + 120
    while not (tmp_path / "s" / "punto.pt").exists() and time.time() < limite:
        time.sleep(0.2)
    programa.send_signal(signal.SIGINT)
    _, dicho = programa.communicate(timeout=60)
    assert programa.returncode == 130 and "Traceback" not in dicho, dicho[-800:]
    assert "Interrumpido." in dicho and "repite la orden" in dicho


# --- El corpus ----------------------------------------------------------------------

BUENA = '{"texto": "' + "hubo una vez " * 30 + '"}\n'


@pytest.mark.parametrize(
    ("octetos", "mensaje"),
    [
        (gzip.compress((BUENA * 9).encode())[:-20], "línea .*cortado"),
        (BUENA.encode(), "después de la línea 0: no es un gzip"),
        (b"", "no trae ningún documento"),
        (gzip.compress(b""), "no trae ningún documento"),
        (BUENA + '{"texto": null}', "línea 2: «texto» falta"),
        (BUENA + '{"texto": " "}', "línea 2: «texto» falta"),
        (BUENA + '{"otro": "x"}', "línea 2: «texto» falta"),
        (BUENA + "[1]", "línea 2: «texto» falta"),
        (BUENA + "\n" + BUENA, "línea 2: no es JSON"),
        (BUENA + '{"texto": "\\ud800"}', "línea 2: un .u trae medio carácter"),
        (BUENA + '{"texto": ' + "9" * 5000 + "}", "línea 2: trae un número"),
        (BUENA + '{"texto": ' + "[" * 99_999, "línea 2: hay demasiados corchetes"),
        (
            gzip.compress(BUENA.encode() + "añil".encode("latin-1")),
            "línea 2: no está en",
        ),
    ],
)
def test_un_corpus_malo_dice_archivo_y_linea(tmp_path, octetos, mensaje):
    if isinstance(octetos, str):
        octetos = gzip.compress(octetos.encode())
    (tmp_path / "malo.jsonl.gz").write_bytes(octetos)
    with pytest.raises(SystemExit, match=rf"malo\.jsonl\.gz.*{mensaje}"):
        list(datos.leer_carpeta(tmp_path))


def test_un_corpus_chico_dice_que_le_falta():
    largo = "hubo una vez " * 30
    with pytest.raises(SystemExit, match="cuentos trae un solo documento"):
        datos.apartar([("cuentos", largo)], 0)
    with pytest.raises(SystemExit, match="cuentos son muy cortos"):
        datos.apartar([("cuentos", "hola")] * 3, 0)
    with pytest.raises(SystemExit, match="El corpus es muy corto"):
        datos.Filas([1, 2], {}, None, lote=4, largo=32, tareas=0.5, semilla=0)


# --- Exportar -----------------------------------------------------------------------


@pytest.mark.parametrize("rename", [1, 2])
def test_una_muerte_al_exportar_deja_una_carpeta_entera(tmp_path, rename):
    """El proceso muere justo antes de su primer o de su segundo cambio de nombre."""
    for nombre in ("modelo", "modelo.tmp"):
        (tmp_path / nombre).mkdir()
        (tmp_path / nombre / "a").write_text(nombre)
    guion = (
        "import os, sys\nfrom herramientas import archivos\n"
        "veces, original = [], os.rename\n"
        "def renombrar(*r):\n"
        "    veces.append(1)\n"
        f"    os._exit(9) if len(veces) == {rename} else original(*r)\n"
        "os.rename = renombrar\n"
        "archivos.reemplazar_carpeta(sys.argv[1] + '.tmp', sys.argv[1])\n"
    )
    destino = tmp_path / "modelo"
    fin = subprocess.run([sys.executable, "-c", guion, destino], cwd=RAIZ, timeout=60)
    assert fin.returncode == 9
    recuperar_carpeta(destino)
    assert (destino / "a").read_text() == "modelo"
    reemplazar_carpeta(tmp_path / "modelo.tmp", destino)
    assert (destino / "a").read_text() == "modelo.tmp"
    assert [p.name for p in tmp_path.iterdir()] == ["modelo"]


def test_la_siguiente_orden_recupera_el_modelo(copia, corpus, monkeypatch):
    """Aunque falle enseguida, una orden nueva devuelve la carpeta a su lugar."""
    (copia / "modelo").rename(copia / "modelo.anterior")
    assert "--semilla era" in en_proceso(corpus, copia, DOCE, "--semilla", "1")
    assert (copia / "modelo" / "model.safetensors").exists()


def test_si_no_se_puede_exportar_queda_el_modelo_de_antes(copia, corpus, monkeypatch):
    antes = contenido(copia / "modelo")

    def sin_espacio(_, carpeta):
        (Path(carpeta) / "tokenizer.json").write_text("a medias")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(
        exportar.PreTrainedTokenizerFast, "save_pretrained", sin_espacio
    )
    frase = en_proceso(corpus, copia, DOCE)
    assert "No se pudo guardar el modelo" in frase and "no queda espacio" in frase
    assert contenido(copia / "modelo") == antes
    assert not (copia / "modelo.tmp").exists()


@pytest.mark.parametrize("nombre", ["tokenizer.json", "model.safetensors"])
def test_unos_pesos_danados_no_se_heredan(copia, corpus, tmp_path, nombre):
    ruta = copia / "modelo" / nombre
    ruta.write_bytes(ruta.read_bytes()[:100])
    desde = ("--desde", str(copia / "modelo"))
    frase = en_proceso(corpus, tmp_path / "nueva", DOCE, *desde)
    assert "no se pueden heredar" in frase
