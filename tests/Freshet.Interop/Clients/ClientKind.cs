namespace Freshet.Interop.Clients;

/// <summary>The programs that the tests drive.</summary>
public enum ClientKind
{
    Freshet,
    Libtorrent,
    Transmission,
    Aria2,
    RTorrent,
    QBittorrent,
    Opentracker,
    Mktorrent,
}
