"""De dónde salen los pesos de un modelo, y qué decir cuando no llegan.

Se buscan en este orden: la caché de este equipo, las carpetas de TALLER_MODELOS (una
memoria USB, por ejemplo), Google Drive si está montado y el hub, o el espejo que diga
HF_ENDPOINT. Solo se descargan pesos en safetensors, que se abren sin ejecutar código.
"""

from __future__ import annotations

import email.utils
import errno
import hashlib
import json
import math
import os
import re
import shutil
import socket
import struct
import time
from collections import Counter
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from . import versiones
from .errores import ErrorDelTaller

DRIVE = Path("/content/drive/MyDrive/modelos")
HUB = "https://huggingface.co"
# Lo que se baja: pesos, configuración, tokenizador y plantilla. Nada de código.
BAJAR = ["*.safetensors", "*.json", "*.jinja", "*.txt", "*.model"]
NO_BAJAR = ["*/*"]  # las subcarpetas traen los mismos pesos en otros formatos
ESPERA = 120  # segundos que se espera en total si el hub lo pide; TALLER_ESPERA
ESPERAS_CORTAS = (5, 15)  # segundos, cuando el hub falla y no dice cuánto esperar
REPETIDAS = 4  # veces que se repite una petición sin que avance
CALLADAS = 2  # de ellas, las que quedan sin respuesta
SIN_RESPUESTA, SE_CORTA = 0, -1  # paradas que no trae el hub en su estado
AVANCE = 16 * 2**20  # bytes que se leen a la vez para comprobar un archivo
# Lo que sale al leer un JSON que no es JSON o no trae lo que debe.
MAL_FORMADO = (ValueError, LookupError, AttributeError, TypeError, RecursionError)

SALIDA = 'Con una red pobre, usa elegir_perfil("semilla"), que no descarga nada.'


# --- Los lugares --------------------------------------------------------------------


@lru_cache
def pesos(modelo: str) -> str:
    """La carpeta con los pesos de un modelo: la busca y, si no está, la descarga.

    Argumentos: `modelo`, «dueño/nombre» en el hub, o una carpeta, que vuelve tal cual.
    Devuelve un camino para `from_pretrained`, que así ya no pregunta nada a la red.
    Imprime de qué lugar sale y, antes de descargar, cuántos megabytes son.
    Errores: ErrorDelTaller con la causa si no se encuentra ni se puede descargar.
    """
    if Path(modelo).is_dir():
        return modelo
    if hallado := buscar(modelo, avisar=True):
        carpeta, lugar = hallado
        print(f"Pesos de {modelo}: {lugar}.")
        return str(carpeta)
    return str(_descargar(modelo))


def buscar(modelo: str, avisar: bool = False) -> tuple[Path, str] | None:
    """El primer lugar de este equipo con el modelo entero, sin usar la red.

    Argumentos: `avisar` imprime qué le falta a una carpeta que lo tiene a medias.
    Devuelve (carpeta, lugar dicho en español), o None si no está entero en ninguno.
    """
    carpeta = _en_cache(modelo)
    if carpeta and not que_falta(carpeta):
        return carpeta, "de la caché de este equipo"
    lugares = [
        (Path(texto).expanduser(), "de TALLER_MODELOS")
        for texto in os.environ.get("TALLER_MODELOS", "").split(os.pathsep)
        if texto.strip()
    ]
    for raiz, lugar in [*lugares, (DRIVE, "de Google Drive")]:
        if not raiz.is_dir():
            if avisar and raiz != DRIVE:
                print(f"TALLER_MODELOS dice {raiz}, que no es una carpeta: sigo.")
            continue
        for carpeta in _candidatas(raiz, modelo):
            falta = que_falta(carpeta)
            if not falta:
                return carpeta, f"{lugar}, en {carpeta}"
            if avisar:
                print(f"No uso {carpeta}: {falta}.")
    return None


def _en_cache(modelo: str, raiz: Path | None = None) -> Path | None:
    import huggingface_hub as hub

    try:
        # los patrones importan: el hub comprueba que esté todo lo pedido
        return Path(
            hub.snapshot_download(
                modelo,
                cache_dir=raiz,
                local_files_only=True,
                allow_patterns=BAJAR,
                ignore_patterns=NO_BAJAR,
            )
        )
    except (OSError, ValueError):  # no está, o no es un nombre del hub
        return None


def _candidatas(raiz: Path, modelo: str) -> list[Path]:
    """Dónde puede estar un modelo en una carpeta: también como copia de la caché."""
    nombres = [modelo, modelo.replace("/", "--"), modelo.rpartition("/")[-1]]
    carpetas = [raiz / nombre for nombre in nombres if (raiz / nombre).is_dir()]
    copias = (_en_cache(modelo, raiz), _en_cache(modelo, raiz / "hub"))
    return [*carpetas, *filter(None, copias)]


def que_falta(carpeta: Path) -> str | None:
    """Qué le falta a una carpeta para ser un modelo entero, o None si lo es.

    De cada archivo de pesos compara el tamaño con el que anuncia su propia cabecera:
    así se nota una copia cortada sin leerla toda.
    """
    try:
        if not (carpeta / "config.json").is_file():
            return "falta config.json"
        if not any((carpeta / n).is_file() for n in ("tokenizer.json", "vocab.json")):
            if not any(carpeta.glob("*.model")):
                return "falta el tokenizador"
        nombres = {"model.safetensors"}
        if (indice := carpeta / "model.safetensors.index.json").is_file():
            mapa = json.loads(indice.read_text("utf-8"))["weight_map"]
            nombres = set(mapa.values()) or nombres
        for nombre in sorted(nombres):
            if not (carpeta / nombre).is_file():
                return f"falta {nombre}"
            if not _entero(carpeta / nombre):
                return f"{nombre} está cortado o dañado"
    except (OSError, *MAL_FORMADO) as error:
        return f"no se pudo leer ({type(error).__name__})"
    return None


def _entero(archivo: Path) -> bool:
    """Si un safetensors mide lo que dice su cabecera."""
    with archivo.open("rb") as entrada:
        try:
            (largo,) = struct.unpack("<Q", entrada.read(8))
            medida = archivo.stat().st_size
            if largo > medida:
                return False
            cabecera = json.loads(entrada.read(largo))
            cabecera.pop("__metadata__", None)
            fin = [peso["data_offsets"][1] for peso in cabecera.values()]
            return medida == 8 + largo + max(fin, default=0)
        except (struct.error, *MAL_FORMADO):
            return False


# --- El hub -------------------------------------------------------------------------


def alcance(modelo: str) -> str | None:
    """Por qué no se puede conseguir un modelo, o None si está o el hub lo entrega."""
    if Path(modelo).is_dir() or buscar(modelo):
        return None
    try:
        _con_paciencia(lambda: _api().model_info(modelo, timeout=_segundos()))
    except Exception as error:  # sin red hay muchas excepciones según la versión
        return explicar(error, modelo)
    return None


def _descargar(modelo: str) -> Path:
    """Trae un modelo a la caché de este equipo; lo ya bajado no se baja otra vez."""
    dicho: list[str] = []

    def intento() -> Path:
        import huggingface_hub as hub

        info = _api().model_info(modelo, files_metadata=True, timeout=_segundos())
        archivos = [a for a in info.siblings or [] if _se_baja(a.rfilename)]
        if not any(a.rfilename.endswith(".safetensors") for a in archivos):
            raise ErrorDelTaller(
                f"{modelo} no ofrece sus pesos en safetensors, y el curso no abre "
                "otros formatos porque pueden ejecutar código: elige otro modelo."
            )
        faltan = [a for a in archivos if not _esta(modelo, a.rfilename, info.sha)]
        raiz = _carpeta_cache(modelo)
        if not dicho:
            dicho.append(_anunciar(modelo, faltan, raiz))
            print(dicho[0])
        for archivo in faltan:
            if archivo.rfilename.endswith(".safetensors"):
                _traer_grande(modelo, archivo.rfilename, info.sha, raiz)
        return Path(
            hub.snapshot_download(
                modelo,
                endpoint=_espejo(),
                allow_patterns=BAJAR,
                ignore_patterns=NO_BAJAR,
                etag_timeout=_segundos(),
            )
        )

    try:
        carpeta = _con_paciencia(intento)
    except ErrorDelTaller:
        raise
    except Exception as causa:  # cada versión del hub tiene las suyas
        raise ErrorDelTaller(
            f"No se pudo descargar {modelo}: {explicar(causa, modelo)} {SALIDA}"
        ) from causa
    if falta := que_falta(carpeta):
        raise ErrorDelTaller(
            f"La copia de {modelo} no sirve: {falta}. Borra la carpeta "
            f"{_carpeta_cache(modelo)} y ejecuta otra vez esta celda."
        )
    return carpeta


def _se_baja(nombre: str) -> bool:
    from fnmatch import fnmatch

    return "/" not in nombre and any(fnmatch(nombre, patron) for patron in BAJAR)


def _esta(modelo: str, nombre: str, revision: str | None) -> bool:
    import huggingface_hub as hub

    camino = hub.try_to_load_from_cache(
        modelo, nombre, cache_dir=_raiz_cache(), revision=revision
    )
    return isinstance(camino, str)


def _anunciar(modelo: str, faltan: list, raiz: Path) -> str:
    """La línea que se lee antes de descargar; ErrorDelTaller si no cabe en el disco."""
    tamanos = [a.size for a in faltan]
    cuanto = "tamaño sin medir"
    if None not in tamanos:
        bytes_ = sum(tamanos)
        a_medias = sum(p.stat().st_size for p in raiz.glob("blobs/*.parcial"))
        a_medias = min(a_medias, bytes_)
        cuanto = _megas(bytes_)
        if a_medias:
            cuanto += f", de los que {_megas(a_medias)} ya están bajados"
        existe = next(p for p in (raiz, *raiz.parents) if p.exists())
        libre = shutil.disk_usage(existe).free
        if libre < bytes_ - a_medias:
            raise ErrorDelTaller(
                f"{modelo} no cabe en el disco: faltan por bajar "
                f"{_megas(bytes_ - a_medias)} y hay {_megas(libre)} libres en "
                f"{existe}. Libera espacio o pon en HF_HOME una carpeta de otro disco."
            )
    return f"Pesos de {modelo}: se descargan desde {_donde()} ({cuanto})."


def _traer_grande(modelo: str, nombre: str, revision: str, raiz: Path) -> None:
    """Baja un archivo de pesos a la caché del hub, y si se corta sigue donde iba.

    El hub borra lo bajado cuando una descarga falla. Aquí se baja aparte, con la misma
    función suya, y se deja en su caché con el nombre que él le daría: su huella.
    """
    import huggingface_hub as hub
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import WeakFileLock, build_hf_headers

    url = hub.hf_hub_url(modelo, nombre, revision=revision, endpoint=_espejo())
    datos = hub.get_hf_file_metadata(url, timeout=_segundos(), endpoint=_espejo())
    huella = datos.etag or ""
    if not re.fullmatch("[0-9a-f]{64}", huella):
        return  # no es una huella que se pueda comprobar: lo baja el hub a su modo
    destino, parcial = (raiz / "blobs" / (huella + fin) for fin in ("", ".parcial"))
    if destino.exists():
        return
    cerrojo = raiz.parent / ".locks" / raiz.name / f"{huella}.lock"  # el del hub
    for carpeta in (destino.parent, cerrojo.parent):
        carpeta.mkdir(parents=True, exist_ok=True)
    try:
        with WeakFileLock(cerrojo, timeout=1):
            with parcial.open("ab") as salida:
                http_get(
                    url,
                    salida,
                    resume_size=salida.tell(),
                    headers={**build_hf_headers(), "Accept-Encoding": "identity"},
                    expected_size=datos.size,
                    displayed_filename=nombre,
                )
            if _sha256(parcial) != huella:
                parcial.unlink()
                raise _Estropeado(nombre)
            parcial.replace(destino)
    except TimeoutError as causa:
        if type(causa).__module__.partition(".")[0] != "filelock":
            raise
        raise ErrorDelTaller(
            f"Otro cuaderno de este equipo está descargando {modelo}: espera a que "
            "acabe y ejecuta otra vez esta celda."
        ) from causa


def _sha256(archivo: Path) -> str:
    cuenta = hashlib.sha256()
    with archivo.open("rb") as entrada:
        while trozo := entrada.read(AVANCE):
            cuenta.update(trozo)
    return cuenta.hexdigest()


def _api():
    from huggingface_hub import HfApi

    return HfApi(endpoint=_espejo())


def _espejo() -> str | None:
    """Lo que diga HF_ENDPOINT ahora: el hub solo lo mira cuando se importa."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or None


def _donde() -> str:
    espejo = _espejo()
    if espejo in (None, HUB):
        return "el hub de Hugging Face"
    return f"el espejo {espejo} (HF_ENDPOINT)"


def _raiz_cache() -> str:
    from huggingface_hub import constants

    return constants.HF_HUB_CACHE


def _carpeta_cache(modelo: str) -> Path:
    return Path(_raiz_cache()) / f"models--{modelo.replace('/', '--')}"


def _segundos() -> float:
    """Lo que se espera cada respuesta; se cambia con HF_HUB_DOWNLOAD_TIMEOUT."""
    from huggingface_hub import constants

    return constants.HF_HUB_DOWNLOAD_TIMEOUT


def _megas(bytes_: float) -> str:
    if bytes_ >= 1e9:
        return f"{bytes_ / 1e9:.1f} GB".replace(".", ",")
    return f"{bytes_ / 1e6:.0f} MB" if bytes_ >= 1e6 else "menos de 1 MB"


# --- La paciencia -------------------------------------------------------------------


class _Parada(Exception):
    """El hub contestó que no por ahora, o una petición se repite sin avanzar."""

    def __init__(self, estado: int, espera: float | None = None):
        super().__init__(f"estado {estado}, espera {espera}")
        self.estado, self.espera = estado, espera


class _Estropeado(Exception):
    """Un archivo llegó entero y con otro contenido."""


@contextmanager
def vigilar(repetidas: int = REPETIDAS):
    """Mientras dura, el hub no espera por su cuenta: avisa y decide el curso.

    Argumentos: `repetidas`, las veces que se admite la misma petición.

    El hub calla mientras espera lo que pide un 429, y por una petición sin respuesta
    insiste durante minutos. Con su gancho para clientes propios, cada respuesta de
    espera y cada petición repetida sin avance se vuelven una excepción.
    """
    import huggingface_hub as hub
    from huggingface_hub.utils import _http

    enviadas, calladas = Counter(), Counter()
    limite = _segundos()

    def clave(peticion):
        return peticion.method, str(peticion.url), peticion.headers.get("range")

    def al_pedir(peticion):
        tiempos = peticion.extensions.get("timeout") or {}
        peticion.extensions["timeout"] = {
            parte: min(tiempos.get(parte) or limite, limite)
            for parte in ("connect", "read", "write", "pool")
        }
        cual = clave(peticion)
        if calladas[cual] >= CALLADAS:
            raise _Parada(SIN_RESPUESTA)
        if enviadas[cual] >= repetidas:
            raise _Parada(SE_CORTA)
        enviadas[cual] += 1
        calladas[cual] += 1

    def al_recibir(respuesta):
        calladas[clave(respuesta.request)] = 0
        if respuesta.status_code in (408, 429) or respuesta.status_code >= 500:
            raise _Parada(respuesta.status_code, _pedida(respuesta.headers))

    anterior = _http._GLOBAL_CLIENT_FACTORY

    def fabrica():
        cliente = anterior()
        ganchos = cliente.event_hooks
        cliente.event_hooks = {
            "request": [*ganchos["request"], al_pedir],
            "response": [*ganchos["response"], al_recibir],
        }
        return cliente

    hub.set_client_factory(fabrica)
    try:
        yield
    finally:
        hub.set_client_factory(anterior)


def _pedida(cabeceras) -> float | None:
    """Los segundos que el hub pide esperar, o None si no los dice."""
    from huggingface_hub.utils import parse_ratelimit_headers

    pedido = cabeceras.get("retry-after", "").strip()
    if pedido.isdecimal():
        return float(pedido)
    if pedido:
        try:
            cuando = email.utils.parsedate_to_datetime(pedido)
            return max(0.0, cuando.timestamp() - time.time())
        except ValueError:
            pass
    limite = parse_ratelimit_headers(cabeceras)
    return float(limite.reset_in_seconds) if limite else None


def _con_paciencia(accion):
    """Ejecuta `accion` y, si el hub pide esperar un rato sensato, espera y repite."""
    try:
        quedan = float(os.environ.get("TALLER_ESPERA") or ESPERA)
    except ValueError:
        quedan = math.nan
    if not math.isfinite(quedan):
        raise ErrorDelTaller(
            "TALLER_ESPERA debe ser un número de segundos, por ejemplo 60."
        )
    cortas = iter(ESPERAS_CORTAS)
    while True:
        try:
            with vigilar():
                return accion()
        except _Parada as parada:
            if parada.estado in (SIN_RESPUESTA, SE_CORTA):
                raise
            espera = parada.espera
            if espera is None:
                espera = next(cortas, None)
            if espera is None or espera > quedan:
                raise
            quedan -= max(espera, 1)
            _contar_atras(espera, parada.estado)


def _contar_atras(segundos: float, estado: int) -> None:
    """Espera diciéndolo: una línea que cuenta hacia atrás."""
    por_que = "limita las descargas" if estado == 429 else "falla por ahora"
    restan = max(1, round(segundos + 0.5))
    while restan:
        print(f"\rEl hub {por_que} ({estado}): repito en {restan:>3} s.", end="")
        time.sleep(1)
        restan -= 1
    print(f"\rEl hub {por_que} ({estado}): repito ahora.      ")


# --- Las causas ---------------------------------------------------------------------


def explicar(error: BaseException, modelo: str) -> str:
    """La causa real de una descarga fallida y qué hacer, en una frase.

    Argumentos: `error`, la excepción; `modelo`, el nombre en el hub.
    Devuelve la frase, con minúscula inicial, para seguir a «No se pudo descargar…:».
    """
    from huggingface_hub import errors

    if isinstance(error, ErrorDelTaller):
        return str(error)
    cadena = _cadena(error)
    for caso in cadena:
        if isinstance(caso, _Parada):
            return _por_estado(caso.estado, modelo, caso.espera)
        if isinstance(caso, _Estropeado):
            return (
                f"{caso} llegó con otro contenido y se borró; ejecuta otra vez esta "
                "celda y, si se repite, prueba con otra red o sin el espejo."
            )
        if isinstance(caso, errors.OfflineModeIsEnabled):
            return (
                "la variable HF_HUB_OFFLINE prohíbe usar la red y el modelo no está en "
                "este equipo; bórrala y reinicia, o pon su carpeta en TALLER_MODELOS."
            )
        if isinstance(caso, errors.GatedRepoError):
            return (
                f"{modelo} pide aceptar su licencia (403); acéptala en "
                f"{HUB}/{modelo} y entra con tu cuenta: hf auth login."
            )
        respuesta = getattr(caso, "response", None)
        if respuesta is not None and hasattr(respuesta, "status_code"):
            espera = _pedida(respuesta.headers)
            return _por_estado(respuesta.status_code, modelo, espera)
    return _por_red(cadena) or _inesperado(error)


def _cadena(error: BaseException | None) -> list[BaseException]:
    """El error y los que lo causaron, sin repetir."""
    vistos: list[BaseException] = []
    while error is not None and error not in vistos:
        vistos.append(error)
        error = error.__cause__ or error.__context__
    return vistos


def _por_estado(estado: int, modelo: str, espera: float | None) -> str:
    import huggingface_hub as hub

    if estado == SE_CORTA:
        return (
            "la descarga se corta siempre en el mismo punto; lo bajado se conserva: "
            "ejecuta otra vez esta celda, o cambia de red."
        )
    if estado == SIN_RESPUESTA:
        return _sin_respuesta()
    if estado == 401 and hub.get_token():
        return (
            "el hub no acepta tu token (401): caducó o se anuló; bórralo con hf auth "
            "logout, porque los modelos del curso no piden cuenta, o entra de nuevo "
            "con hf auth login."
        )
    if estado == 401:
        return (
            f"{modelo} no existe en el hub o es privado (401); revisa el nombre o "
            "entra con una cuenta que pueda verlo: hf auth login."
        )
    if estado == 403:
        return (
            f"{_donde()} niega el permiso (403): lo impide un filtro de esta red o tu "
            "cuenta no puede verlo; prueba con otra red o con otra cuenta."
        )
    if estado == 404:
        return (
            f"{modelo} no existe en {_donde()} (404), o es privado; revisa el nombre."
        )
    if estado == 429:
        cuanto = f"pide esperar {_minutos(espera)}" if espera else "no dice cuánto"
        return (
            f"el hub limita las descargas desde esta red (429) y {cuanto}; espera y "
            "repite, o copia los pesos de otro equipo y pon la carpeta en "
            "TALLER_MODELOS."
        )
    if estado >= 500 or estado == 408:
        return (
            f"el hub respondió con un error suyo ({estado}): no es tu red; espera unos "
            "minutos y ejecuta otra vez esta celda."
        )
    return (
        f"{_donde()} respondió algo inesperado ({estado}); inténtalo más tarde o con "
        "otra red."
    )


def _minutos(segundos: float) -> str:
    if segundos < 90:
        return f"{segundos:.0f} s"
    return f"{segundos / 60:.0f} min"


def _sin_respuesta() -> str:
    return (
        f"{_donde()} no respondió en {_segundos():g} s: la red va muy lenta o lo "
        "bloquea; lo bajado se conserva: ejecuta otra vez esta celda o cambia de red."
    )


def _por_red(cadena: list[BaseException]) -> str | None:
    """La frase de un fallo sin respuesta del hub, si es del disco, permisos o red."""
    clases = {c.__name__ for error in cadena for c in type(error).__mro__}
    numeros = {e.errno for e in cadena if isinstance(e, OSError)}
    if numeros & {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return (
            "se llenó el disco; lo bajado se conserva: libera espacio y ejecuta otra "
            "vez esta celda, o pon en HF_HOME una carpeta de otro disco."
        )
    if numeros & {errno.EACCES, errno.EROFS, errno.EPERM}:
        return (
            f"no se puede escribir en {_raiz_cache()}; pon en HF_HOME una carpeta en "
            "la que puedas escribir."
        )
    textos = " ".join(str(error) for error in cadena)
    if "Consistency check failed" in textos or "RemoteProtocolError" in clases:
        return (
            "la descarga se cortó antes de terminar; lo bajado se conserva: ejecuta "
            "otra vez esta celda y sigue donde iba."
        )
    if any(isinstance(error, socket.gaierror) for error in cadena):
        return (
            f"no hay conexión: este equipo no encuentra {_donde()} en internet "
            "(DNS); revisa la red, o entra con el navegador si la red lo pide."
        )
    if "ProxyError" in clases:
        return (
            "el proxy de esta red no deja pasar; revisa HTTPS_PROXY o pide ayuda a "
            "quien lleva la red."
        )
    if "CERTIFICATE" in textos:
        return (
            "esta red cambia los certificados y la conexión no es segura; usa otra "
            "red o pide ayuda a quien la lleva."
        )
    if clases & {"TimeoutException", "TimeoutError"}:
        return _sin_respuesta()
    if clases & {"JSONDecodeError", "FileMetadataError"}:
        return (
            f"lo que contesta no es {_donde()}; quizá la red pide entrar con el "
            "navegador: hazlo y ejecuta otra vez esta celda."
        )
    if clases & {"OSError", "TransportError"}:
        return (
            f"no hay conexión con {_donde()}; revisa la red y ejecuta otra vez la "
            "celda."
        )
    return None


def _inesperado(error: BaseException) -> str:
    """La frase de un fallo que no se previó: qué fue y con qué versiones."""
    causa = f"{type(error).__name__}: {error}".splitlines()[0][:80]
    hub = versiones.version("huggingface_hub")
    return (
        f"fallo inesperado ({causa}), que no es de tu red; copia esta frase en un "
        f"aviso: huggingface_hub {hub}; {versiones.linea()}."
    )
