using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Security;

/// <summary>Authentication: by token, by the cookie of a login session, or, to log in, by password.</summary>
internal sealed class Doors(AccessToken token, string? passwordHash, TimeProvider time)
{
    /// <summary>The name of the cookie at the usual port.</summary>
    public const string UsualCookieName = "freshet-8690";

    private const string Scheme = "Bearer ";

    private readonly CookieSessions _cookies = new(time);
    private readonly ContentTickets _tickets = new(time);
    private readonly LoginLimiter _limiter = new(time);

    /// <summary>
    /// The name of the cookie. Browsers send a host's cookies to all its ports, so daemons that share a host need different names, or each
    /// login would end the others. What counts is the port that the browser uses.
    /// </summary>
    public static string CookieNameOf(HttpRequest request) =>
        request.Host.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"freshet-{port}") : "freshet";

    public bool HasPassword => passwordHash is not null;

    /// <summary>Hashing a password is expensive by design: one at a time, so that guesses do not use all processors.</summary>
    internal PasswordTurns Turns { get; } = new(Bounds.MaxWaitingPasswords);

    /// <summary>How long an address must wait after too many failures; null if it may try now.</summary>
    public TimeSpan? WaitOf(IPAddress? address) => _limiter.WaitOf(address);

    /// <summary>Whether a text is the token, which is accepted even after failures: nobody can guess it.</summary>
    public bool IsToken(string? text) => text is not null && token.Is(text);

    /// <summary>
    /// How a request is authenticated. A wrong token counts as a failed login. Other schemes are for proxies in front of the daemon, which
    /// pass them on.
    /// </summary>
    public Proof ProofOf(HttpContext context)
    {
        if (BearerOf(context) is not { } bearer)
            return _cookies.IsValid(CookieOf(context)) ? Proof.Cookie : Proof.None;
        if (IsToken(bearer))
            return Proof.Token;
        _limiter.OnWrongToken(context.Connection.RemoteIpAddress);
        return Proof.WrongToken;
    }

    /// <summary>Creates a session, if the token or the password is right.</summary>
    public async Task<LoginResult> LogInAsync(
        string? offeredToken, string? password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (offeredToken is null && password is not null && passwordHash is not null)
            return await LogInByPasswordAsync(password, address, cancellationToken).ConfigureAwait(false);
        if (IsToken(offeredToken))
            return new LoginResult(_cookies.Begin(), Wait: null);
        _limiter.OnWrongToken(address);
        return default;
    }

    public void LogOut(HttpContext context) => _cookies.End(CookieOf(context));

    /// <summary>
    /// Cancelled when what a request was authenticated by ends: the cookie's session, or the ticket's. The token holds as long as the
    /// daemon runs.
    /// </summary>
    public CancellationToken EndOf(HttpContext context) => context.Items.TryGetValue(typeof(ContentTickets), out object? end)
        ? (CancellationToken)end!
        : BearerOf(context) is not null ? CancellationToken.None : _cookies.EndOf(CookieOf(context));

    /// <summary>Makes a link's secret for the content of a file, which ends with the login of this request.</summary>
    public (string Secret, DateTimeOffset ExpiresAt) MakeTicket(HttpContext context, string hash, int index) =>
        _tickets.Make(hash, index, EndOf(context));

    /// <summary>Whether a request for the content of a file has a ticket for it.</summary>
    public bool HasTicket(HttpContext context, string hash, int index)
    {
        if (context.Request.Query["ticket"].LastOrDefault() is not { Length: > 0 } secret
            || _tickets.EndOf(secret, hash, index) is not { } end)
            return false;
        context.Items[typeof(ContentTickets)] = end;
        return true;
    }

    private static string? CookieOf(HttpContext context) => context.Request.Cookies[CookieNameOf(context.Request)];

    private static string? BearerOf(HttpContext context) => context.Request.Headers.Authorization
        .Where(value => value is not null && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        .Select(value => value![Scheme.Length..].Trim())
        .FirstOrDefault();

    private async Task<LoginResult> LogInByPasswordAsync(string password, IPAddress? address, CancellationToken cancellationToken)
    {
        using IDisposable turn = await Turns.TakeAsync(address, cancellationToken).ConfigureAwait(false);

        // Of many simultaneous guesses, those that waited here see the failures of the first, and are not even looked at.
        if (_limiter.WaitOf(address) is { } wait)
            return new LoginResult(Secret: null, wait);
        bool isRight = await Task.Run(() => PasswordHash.Matches(passwordHash!, password), cancellationToken).ConfigureAwait(false);
        if (isRight)
            return new LoginResult(_cookies.Begin(), Wait: null);
        _limiter.OnWrongPassword(address);
        return default;
    }
}
