namespace Freshet.Core.WebSeeds;

/// <summary>Why a web seed did not send everything that was requested.</summary>
internal enum FetchFault
{
    /// <summary>No fault: everything arrived.</summary>
    None,

    /// <summary>It could not be reached, closed the connection, or was silent for too long.</summary>
    Unreachable,

    /// <summary>It asked us to retry later (429, 503).</summary>
    Busy,

    /// <summary>It refused, or had an error of its own.</summary>
    Refused,

    /// <summary>It does not have the file, has a different file of that name, or does not support ranges.</summary>
    WrongFile,

    /// <summary>It must not be used: its URL or a redirect leads to a forbidden address, or is invalid.</summary>
    Forbidden,
}
