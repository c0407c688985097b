using System.Net;
using Freshet.Extensions.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freshet.Tests.Hosting;

public sealed class SessionHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_starts_and_ends_with_its_host()
    {
        using IHost host = HostOf(options => options with { DownloadFolder = _folder.Path });
        SessionHost holder = host.Services.GetRequiredService<SessionHost>();
        Assert.Throws<InvalidOperationException>(() => holder.Session);
        Task<Session> waiting = holder.WaitForSessionAsync(Token);
        await host.StartAsync(Token);
        Session session = await waiting;
        Assert.Same(session, holder.Session);
        Assert.Same(host.Services.GetRequiredService<ILoggerFactory>(), session.Options.LoggerFactory);
        Assert.NotNull(session.Options.MeterFactory);

        // Nobody else may use the folder until the host has stopped.
        FreshetException locked = await Assert.ThrowsAsync<FreshetException>(() => Session.StartAsync(session.Options, Token));
        Assert.Equal(FreshetError.Locked, locked.Error);
        await host.StopAsync(Token);
        await using Session next = await Session.StartAsync(session.Options, Token);
    }

    [Fact]
    public async Task A_session_that_cannot_start_stops_its_host_and_says_why()
    {
        using IHost host = HostOf(options => options with { MaxConnections = 0 });
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => host.StartAsync(Token));
        Assert.Contains("MaxConnections", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Services.GetRequiredService<SessionHost>().WaitForSessionAsync(Token));
    }

    private IHost HostOf(Func<SessionOptions, SessionOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics();
        builder.Services.AddFreshet((_, options) => configure(options with
        {
            StateFolder = _folder["state"],
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        }));
        builder.Services.AddFreshet();
        return builder.Build();
    }
}
