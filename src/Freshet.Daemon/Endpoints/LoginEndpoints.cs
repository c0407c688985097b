using System.Net;
using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>Logging in and out, for browsers.</summary>
internal sealed class LoginEndpoints(DaemonParts parts)
{
    private readonly LoginRoom _room = new(Bounds.MaxLogins);

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/authentication", "getAuthentication", "How one can log in.", GetAsync)
            { Response = JsonContext.Default.AuthenticationInfo, IsOpen = true },
        new("POST", "/api/v1/login", "login", "Logs in, and sets the cookie.", LogInAsync)
        {
            Request = JsonContext.Default.Login,
            Status = StatusCodes.Status204NoContent,
            IsOpen = true,
            MaxBody = Bounds.MaxLoginBody,
            Errors = [(401, "wrong-credentials"), (429, "too-many-attempts")],
        },
        new("POST", "/api/v1/logout", "logout", "Ends the cookie's session.", LogOutAsync) { Status = StatusCodes.Status204NoContent },
    ];

    private Task GetAsync(HttpContext context)
    {
        bool isIn = parts.Doors.ProofOf(context) is Proof.Cookie or Proof.Token;
        return context.WriteAsync(
            new AuthenticationInfo
            {
                Authenticated = isIn,
                PasswordSet = parts.Doors.HasPassword,
                Version = isIn ? DaemonVersion.Number : null,
            },
            JsonContext.Default.AuthenticationInfo);
    }

    private async Task LogInAsync(HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        Login login = await ReadAsync(context).ConfigureAwait(false);
        if (login.Token is null == login.Password is null)
            throw ApiException.InvalidValue("token", "or password must be given, and not both");
        if (!parts.Doors.IsToken(login.Token) && parts.Doors.WaitOf(address) is { } wait)
            throw TooManyAttempts(wait);
        LoginResult result = await parts.Doors.LogInAsync(login.Token, login.Password, address, context.RequestAborted)
            .ConfigureAwait(false);
        if (result.Wait is { } barred)
            throw TooManyAttempts(barred);
        if (result.Secret is not { } secret)
        {
            parts.Log.Add(LogLevelCode.Warning, "login-failed", $"A login from {address} failed");
            throw new ApiException(401, "wrong-credentials", login.Token is not null ? "The token is wrong." : "The password is wrong.");
        }

        context.Response.Cookies.Append(Doors.CookieNameOf(context.Request), secret, CookieOf(context));
        await context.WriteNothingAsync().ConfigureAwait(false);
    }

    // A stranger's body may come slowly, or never. Once it is there, the login needs its place no longer.
    private async Task<Login> ReadAsync(HttpContext context)
    {
        using LoginRoom.Visit visit = _room.Enter(context.Connection.RemoteIpAddress, context.RequestAborted);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(visit.Token);
        ending.CancelAfter(Bounds.LoginPatience);
        try
        {
            return await context.ReadAsync(JsonContext.Default.Login, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (visit.IsDisplaced)
        {
            throw ApiException.TooMany($"More than {Bounds.MaxLogins} logins are under way.", TimeSpan.FromSeconds(1));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(400, "invalid-request", $"The body did not arrive within {Bounds.LoginPatience.TotalSeconds:0} s.");
        }
    }

    private Task LogOutAsync(HttpContext context)
    {
        parts.Doors.LogOut(context);
        context.Response.Cookies.Delete(Doors.CookieNameOf(context.Request), CookieOf(context));
        return context.WriteNothingAsync();
    }

    internal static ApiException TooManyAttempts(TimeSpan wait) =>
        new(429, "too-many-attempts", "Too many logins failed. Wait a minute.") { RetryAfter = wait };

    private static CookieOptions CookieOf(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = IsSecure(context.Request),
        Path = "/",
        MaxAge = Bounds.CookieLife,
    };

    // A proxy that terminates TLS calls us without it; then the origin, which is known to be ours, says how the page was opened.
    private static bool IsSecure(HttpRequest request) =>
        request.IsHttps || request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
