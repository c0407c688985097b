namespace Freshet;

/// <summary>What kind of thing went wrong, for programs; the exception's message says it for people. The numbers stay.</summary>
public enum FreshetError
{
    /// <summary>None of the others.</summary>
    Other = 0,

    /// <summary>The session has the torrent already.</summary>
    TorrentExists = 1,

    /// <summary>Another session or process has the state folder, or the torrent.</summary>
    Locked = 2,

    /// <summary>What was given is not a torrent.</summary>
    Malformed = 3,

    /// <summary>A file or folder cannot be read, made or written.</summary>
    Storage = 4,

    /// <summary>The session cannot listen on its port or address.</summary>
    CannotListen = 5,

    /// <summary>The torrent cannot go on until its user has done something.</summary>
    TorrentFailed = 6,

    /// <summary>Something has the name already that a file is to get.</summary>
    FileExists = 7,

    /// <summary>Another torrent of the session stores a file at the same path, and may write it or would lose it.</summary>
    PathInUse = 8,
}
