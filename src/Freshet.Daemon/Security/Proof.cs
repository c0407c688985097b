namespace Freshet.Daemon.Security;

/// <summary>How a request is authenticated.</summary>
internal enum Proof
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a wrong token.</summary>
    WrongToken,

    /// <summary>By the cookie of a session, which a browser sends with any request, whichever page caused it.</summary>
    Cookie,

    /// <summary>By the token.</summary>
    Token,
}
