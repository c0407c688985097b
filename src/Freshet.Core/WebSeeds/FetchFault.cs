namespace Freshet.Core.WebSeeds;

/// <summary>What is wrong with a web seed that did not give all it was asked for.</summary>
internal enum FetchFault
{
    /// <summary>Nothing: all of it came.</summary>
    None,

    /// <summary>It could not be reached, broke off, or was silent for too long.</summary>
    Unreachable,

    /// <summary>It asks to be left alone for a while (429, 503).</summary>
    Busy,

    /// <summary>It refuses, or has trouble of its own.</summary>
    Refused,

    /// <summary>It does not have the file, has another one of its name, or does not serve ranges of it.</summary>
    WrongFile,

    /// <summary>It must not be asked: where its URL or a redirect leads is forbidden, or is no URL.</summary>
    Forbidden,
}
