namespace Freshet.Daemon.Security;

/// <summary>By what a request proves who sent it.</summary>
internal enum Proof
{
    /// <summary>By nothing.</summary>
    None,

    /// <summary>By a token that is not ours.</summary>
    WrongToken,

    /// <summary>By the cookie of a session, which a browser sends with any request, whoever made it do so.</summary>
    Cookie,

    /// <summary>By the token.</summary>
    Token,
}
