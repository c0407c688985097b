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

    /// <summary>It does not have the file, has a different file of that name, or sends too much before the range.</summary>
    WrongFile,

    /// <summary>It sends files only from their beginning: they must be requested in order.</summary>
    NoRanges,

    /// <summary>It redirected to somewhere that must not be asked, or too often. It may pick another place the next time.</summary>
    Misdirected,

    /// <summary>It must not be used: its own URL leads to a forbidden address, or is invalid.</summary>
    Forbidden,
}
