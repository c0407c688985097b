namespace Freshet.Core.Names;

/// <summary>What a message from a name server says.</summary>
internal enum DnsOutcome
{
    /// <summary>It is not an answer to the query.</summary>
    NotTheAnswer,

    /// <summary>The name exists, with the addresses listed; there may be none of the family that was asked for.</summary>
    Found,

    /// <summary>There is no such name.</summary>
    NoSuchName,

    /// <summary>The answer is longer than a datagram: ask over TCP.</summary>
    Truncated,

    /// <summary>The server cannot or does not want to answer.</summary>
    Failed,
}
