using System.Globalization;
using System.Net;
using Freshet.Daemon.Pages;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Freshet.Daemon.Http;

/// <summary>
/// Checks every request before anything is done for it: that it addresses us by a known host name, that it comes from our own page or from
/// no page, who sent it, and that the operation accepts it. Every refusal is a Problem Details answer.
/// </summary>
internal sealed class Gate(DaemonParts parts, HostRules hosts, EmbeddedPage page, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _large = new(Bounds.MaxLargeRequests);
    private readonly Turnstile _requests = new(Bounds.MaxRequests);

    public async Task RunAsync(HttpContext context, Func<Task> next)
    {
        try
        {
            SetHeaders(context.Response.Headers);
            RequireOwnHost(context);
            RequireOwnOrigin(context);
            if (context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { } operation)
                await ServeAsync(context, operation, next).ConfigureAwait(false);
            else
                await ServeOtherAsync(context, next).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, e).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(HttpContext context, Operation operation, Func<Task> next)
    {
        if (!operation.IsOpen && !(operation.TakesTicket && HasTicket(context)))
            RequireProof(context);
        RequireKnownQuery(context, operation);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = operation.MaxBody;
        if (operation.IsStream)
        {
            await next().ConfigureAwait(false);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        if (operation is { IsOpen: true, Request: not null })
        {
            // Logins have bounds of their own: strangers keep nobody out who may enter.
            await next().ConfigureAwait(false);
            return;
        }

        _requests.Enter();
        try
        {
            if (MayBeLarge(context.Request, operation))
                await ServeInTurnAsync(context, next).ConfigureAwait(false);
            else
                await next().ConfigureAwait(false);
        }
        finally
        {
            _requests.Leave();
        }
    }

    public void Dispose() => _large.Dispose();

    private static bool MayBeLarge(HttpRequest request, Operation operation) =>
        operation.MaxBody > Bounds.MaxBody && request.ContentLength is null or > Bounds.MaxBody;

    // Large bodies are held in memory while they are processed.
    private async Task ServeInTurnAsync(HttpContext context, Func<Task> next)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, parts.Stopping);
        if (!await _large.WaitAsync(Bounds.LargeBodyPatience, ending.Token).ConfigureAwait(false))
            throw ApiException.TooMany($"{Bounds.MaxLargeRequests} large requests are being answered already.", TimeSpan.FromSeconds(10));

        try
        {
            await next().ConfigureAwait(false);
        }
        finally
        {
            _large.Release();
        }
    }

    private async Task ServeOtherAsync(HttpContext context, Func<Task> next)
    {
        if (context.GetEndpoint() is { RequestDelegate: not null } endpoint)
        {
            // The path exists, but not with this method.
            // The framework's own answer says which methods are possible (Allow), and ours says the rest.
            await next().ConfigureAwait(false);
            if (endpoint.DisplayName is { } name && name.StartsWith("405", StringComparison.Ordinal))
                throw new ApiException(405, "method-not-allowed", $"{context.Request.Method} is not possible here.");
        }
        else if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            || !await page.TryServeAsync(context).ConfigureAwait(false))
        {
            throw new ApiException(404, "not-found", $"There is nothing at {context.Request.Path}.");
        }
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }

    private void RequireOwnHost(HttpContext context)
    {
        if (!hosts.Allows(context.Request.Host.Host))
        {
            throw new ApiException(
                421, "wrong-host",
                    $"The daemon is not called \"{context.Request.Host.Host}\". If it should be, add the name to AllowedHosts.");
        }
    }

    private static void RequireOwnOrigin(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        if (origin is null || IsOwn(origin, context.Request.Host))
            return;
        throw new ApiException(403, "foreign-origin", $"Requests from {origin} are not answered.");
    }

    // The scheme may differ: a proxy that terminates TLS calls us without it.
    private static bool IsOwn(string origin, HostString host)
    {
        int scheme = origin.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && origin.AsSpan(scheme + 3).Equals(host.Value, StringComparison.OrdinalIgnoreCase);
    }

    private bool HasTicket(HttpContext context) =>
        Exchange.FindTorrent(parts.Session, (string?)context.Request.RouteValues["hash"]) is { } torrent
        && int.TryParse((string?)context.Request.RouteValues["index"], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        && parts.Doors.HasTicket(context, torrent.InfoHash.ToString(), index);

    private void RequireProof(HttpContext context)
    {
        Proof proof = parts.Doors.ProofOf(context);
        if (proof is Proof.WrongToken && parts.Doors.WaitOf(context.Connection.RemoteIpAddress) is { } wait)
            throw Endpoints.LoginEndpoints.TooManyAttempts(wait);
        if (proof is Proof.None or Proof.WrongToken)
            throw new ApiException(401, "not-authenticated", "Log in, or send the token: Authorization: Bearer TOKEN.");
        bool isSafe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        bool saysWhence = context.Request.Headers.Origin.Count > 0 || context.Request.Headers["Sec-Fetch-Site"] == "same-origin";
        if (!isSafe && !saysWhence && proof is Proof.Cookie)
            throw new ApiException(403, "foreign-origin",
                "A request with a cookie must say by Origin that it comes from the daemon's own page.");
    }

    private static void RequireKnownQuery(HttpContext context, Operation operation)
    {
        foreach (string name in context.Request.Query.Keys)
        {
            if (!operation.Query.Any(parameter => parameter.Name == name))
                throw ApiException.InvalidValue(name, "is not a parameter of this request");
        }
    }

    private Task RefuseAsync(HttpContext context, Exception exception)
    {
        ApiException? problem = exception is BadHttpRequestException bad
            ? bad.StatusCode == (int)HttpStatusCode.RequestEntityTooLarge
                ? new ApiException(413, "too-large", "The body is too large for this request.")
                : new ApiException(bad.StatusCode, "invalid-request", bad.Message)
            : exception is OperationCanceledException && parts.Stopping.IsCancellationRequested
                ? new ApiException(503, "stopping", "The daemon is stopping.") { RetryAfter = TimeSpan.FromSeconds(10) }
            : ApiException.Of(exception);
        if (problem is null)
        {
            Log.RequestFailed(logger, context.Request.Method, context.Request.Path, exception);
            problem = ApiException.Internal;
        }

        // Headers prepared for success do not describe the problem.
        long? none = null;
        context.Response.ContentLength = none;
        context.Response.Headers.Remove("ETag");
        context.Response.Headers.ContentDisposition = default;
        return context.WriteProblemAsync(problem);
    }
}
