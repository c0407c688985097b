namespace Freshet.Core.Utp;

/// <summary>How a connection ended.</summary>
internal enum UtpEnd
{
    /// <summary>We closed it, and everything was sent.</summary>
    Closed,

    /// <summary>The peer reported that it does not know the connection or no longer wants it.</summary>
    Reset,

    /// <summary>The peer reset the connection in response to the very first packet.</summary>
    Refused,

    /// <summary>The peer stopped answering.</summary>
    TimedOut,
}
