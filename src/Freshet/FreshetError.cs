namespace Freshet;

/// <summary>The kind of an error, for programs; the exception's message explains it to people. The numeric values are stable.</summary>
public enum FreshetError
{
    /// <summary>Any other error.</summary>
    Other = 0,

    /// <summary>The torrent is already in the session.</summary>
    TorrentExists = 1,

    /// <summary>Another session or process is using the state folder or the torrent.</summary>
    Locked = 2,

    /// <summary>The input is not a valid torrent.</summary>
    Malformed = 3,

    /// <summary>A file or folder cannot be read, created or written.</summary>
    Storage = 4,

    /// <summary>The session cannot listen on its port or address.</summary>
    CannotListen = 5,

    /// <summary>The torrent cannot continue until the user takes action.</summary>
    TorrentFailed = 6,

    /// <summary>The destination of a file exists already.</summary>
    FileExists = 7,

    /// <summary>Another torrent of the session stores a file at the same path, and might write to it or lose it.</summary>
    PathInUse = 8,
}
