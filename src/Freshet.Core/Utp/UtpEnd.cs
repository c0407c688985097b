namespace Freshet.Core.Utp;

/// <summary>How a connection ended.</summary>
internal enum UtpEnd
{
    /// <summary>Everything was sent, and we had closed.</summary>
    Closed,

    /// <summary>The peer said that it does not know the connection, or wants it no more.</summary>
    Reset,

    /// <summary>The peer said so to the very first packet.</summary>
    Refused,

    /// <summary>The peer answered no more.</summary>
    TimedOut,
}
