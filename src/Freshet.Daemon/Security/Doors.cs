using System.Net;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Security;

/// <summary>Who may come in: by token, by the cookie of a session that was begun by logging in, or, to log in, by password.</summary>
internal sealed class Doors(AccessToken token, string? passwordHash, TimeProvider time) : IDisposable
{
    public const string CookieName = "freshet";
    private const string Scheme = "Bearer ";

    private readonly CookieSessions _cookies = new(time);
    private readonly LoginLimiter _limiter = new(time);

    // Hashing a password is dear by design: one at a time, so that guesses do not take all processors.
    private readonly SemaphoreSlim _hashing = new(1);

    public bool HasPassword => passwordHash is not null;

    /// <summary>How long an address has to wait, since it failed too often; null if it may try.</summary>
    public TimeSpan? WaitOf(IPAddress? address) => _limiter.WaitOf(address);

    /// <summary>Whether a text is the token, which opens even to who failed before: nobody guesses it.</summary>
    public bool IsToken(string? text) => text is not null && token.Is(text);

    /// <summary>
    /// By what a request proves who sent it. A wrong token counts as a failed login. Other schemes are for proxies before the daemon, which
    /// pass them on.
    /// </summary>
    public Proof ProofOf(HttpContext context)
    {
        if (BearerOf(context) is not { } bearer)
            return _cookies.IsValid(context.Request.Cookies[CookieName]) ? Proof.Cookie : Proof.None;
        if (IsToken(bearer))
            return Proof.Token;
        _limiter.OnFailure(context.Connection.RemoteIpAddress);
        return Proof.WrongToken;
    }

    /// <summary>The secret of a new session, or null if neither proof is right.</summary>
    public async Task<string?> LogInAsync(string? offeredToken, string? password, IPAddress? address, CancellationToken cancellationToken)
    {
        bool isRight = offeredToken is not null ? IsToken(offeredToken)
            : password is not null && passwordHash is not null
                && await MatchesAsync(password, address, cancellationToken).ConfigureAwait(false);
        if (isRight)
            return _cookies.Begin();
        _limiter.OnFailure(address);
        return null;
    }

    public void LogOut(HttpContext context) => _cookies.End(context.Request.Cookies[CookieName]);

    public void Dispose() => _hashing.Dispose();

    private static string? BearerOf(HttpContext context) => context.Request.Headers.Authorization
        .Where(value => value is not null && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        .Select(value => value![Scheme.Length..].Trim())
        .FirstOrDefault();

    private async Task<bool> MatchesAsync(string password, IPAddress? address, CancellationToken cancellationToken)
    {
        await _hashing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Of many guesses that came at once, those that waited here meet the failures of the first.
            return _limiter.WaitOf(address) is null
                && await Task.Run(() => PasswordHash.Matches(passwordHash!, password), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _hashing.Release();
        }
    }
}
