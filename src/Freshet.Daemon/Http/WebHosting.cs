using System.Net;
using Freshet.Daemon.Endpoints;
using Freshet.Daemon.Pages;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freshet.Daemon.Http;

/// <summary>
/// Builds the web application: Kestrel, routing, the gate and the operations. It reads no configuration of its own, so that nothing in the
/// environment changes what is served.
/// </summary>
internal static class WebHosting
{
    public static WebApplication Build(DaemonOptions options, ServedCertificate? certificate, DaemonParts parts, ILogger logger)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, certificate));
        builder.Services.AddRoutingCore();
        builder.Services.AddResponseCompression(ConfigureCompression);
        builder.Services.AddSingleton(options.Session.LoggerFactory);
        builder.Services.AddSingleton(
            _ => new Gate(parts, new HostRules(options.AllowedHosts, options.Listen), new EmbeddedPage(), logger));
        WebApplication app = builder.Build();
        Gate gate = app.Services.GetRequiredService<Gate>();
        app.UseResponseCompression();
        app.UseRouting();
        app.Use((context, next) => gate.RunAsync(context, () => next(context)));
        foreach (Operation operation in Operations(parts))
            app.MapMethods(operation.Path, [operation.Method], operation.Handler).WithMetadata(operation);
        return app;
    }

    private static List<Operation> Operations(DaemonParts parts)
    {
        List<Operation> operations =
        [
            .. new LoginEndpoints(parts).Operations,
            .. new TorrentListEndpoints(parts).Operations,
            .. new AddEndpoints(parts).Operations,
            .. new TorrentEndpoints(parts).Operations,
            .. new SourceEndpoints(parts).Operations,
            .. new QueueEndpoints(parts).Operations,
            .. new ActionEndpoints(parts).Operations,
            .. new FileEndpoints(parts).Operations,
            .. new ContentEndpoints(parts).Operations,
            .. new SessionEndpoints(parts).Operations,
            .. new CreationEndpoints(parts).Operations,
            .. new EventStream(parts).Operations,
            new("GET", "/metrics", "metrics", "What the session measures, for Prometheus.", context => MeasureAsync(context, parts))
            {
                ResponseMedia = "text/plain",
            },
            new("GET", "/healthz", "health", "Whether the daemon works.", context => HealthAsync(context, parts))
                { IsOpen = true, ResponseMedia = "text/plain", RefusalMedia = "text/plain" },
        ];
        Lazy<string> document = new(() => OpenApiDocument.Of(operations, DaemonVersion.Number).ToJsonString());
        operations.Add(new("GET", "/openapi.json", "getOpenApi", "This description.", context => DescribeAsync(context, document.Value))
        { ResponseMedia = "application/json" });
        return operations;
    }

    private static Task HealthAsync(HttpContext context, DaemonParts parts)
    {
        string? trouble = parts.Health.Trouble;
        context.Response.StatusCode = trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync((trouble ?? "ok") + "\n", context.RequestAborted);
    }

    private static Task MeasureAsync(HttpContext context, DaemonParts parts)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(parts.Metrics.Read(), context.RequestAborted);
    }

    private static Task DescribeAsync(HttpContext context, string document)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(document, context.RequestAborted);
    }

    // Over TLS too: a page of another site, which could infer the content from the compressed length, is never answered (Origin, SameSite).
    private static void ConfigureCompression(ResponseCompressionOptions compression)
    {
        compression.EnableForHttps = true;
        compression.MimeTypes = ["application/json"];
    }

    // Whoever has taken all places of their network is disconnected, and keeps nobody else out.
    private static async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next, NetworkPlaces places)
    {
        using IDisposable? place = places.TryEnter((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (place is null)
            connection.Abort();
        else
            await next(connection).ConfigureAwait(false);
    }

    private static void Configure(KestrelServerOptions kestrel, DaemonOptions options, ServedCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = Bounds.MaxConnections;
        kestrel.Limits.MaxRequestBodySize = Bounds.MaxBody;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = Bounds.IdlePatience;
        NetworkPlaces places = new(Bounds.MaxConnections);
        foreach (IPEndPoint endPoint in options.Listen)
        {
            kestrel.Listen(endPoint, listen =>
            {
                listen.Use(next => connection => AdmitAsync(connection, next, places));
                listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Options) });
                }
            });
        }
    }
}
