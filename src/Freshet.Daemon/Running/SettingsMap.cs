using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Running;

/// <summary>Maps the engine's options to settings of the API and back.</summary>
internal static class SettingsMap
{
    public static SessionSettings Of(DaemonOptions options)
    {
        SessionOptions session = options.Session;
        QueueOptions queue = session.Queue;
        SlowTorrents slow = queue.IgnoreSlow ?? new SlowTorrents();
        return new SessionSettings
        {
            DownloadFolder = Path.GetFullPath(session.DownloadFolder),
            MaxDownloadRate = NumberOf(session.MaxDownloadRate),
            MaxUploadRate = NumberOf(session.MaxUploadRate),
            AlternativeMaxDownloadRate = NumberOf(options.AlternativeMaxDownloadRate),
            AlternativeMaxUploadRate = NumberOf(options.AlternativeMaxUploadRate),
            AlternativeLimits = false,
            MaxConnections = session.MaxConnections,
            CheckpointInterval = (int)session.CheckpointInterval.TotalSeconds,
            Preallocation = session.Preallocation == Preallocation.Full ? PreallocationCode.Full : PreallocationCode.Sparse,
            MaxActiveDownloads = queue.MaxActiveDownloads ?? 0,
            MaxActiveSeeds = queue.MaxActiveSeeds ?? 0,
            MaxActive = queue.MaxActive ?? 0,
            MaxChecks = queue.MaxChecks ?? 0,
            IgnoreSlow = queue.IgnoreSlow is not null,
            SlowRate = slow.Below.BytesPerSecond,
            SlowTime = (int)slow.For.TotalSeconds,
            SeedRatio = session.SeedLimits.Ratio ?? 0,
            SeedTime = SeedLimitsMap.SecondsOf(session.SeedLimits.SeedTime),
            SeedIdleTime = SeedLimitsMap.SecondsOf(session.SeedLimits.IdleTime),
            SeedEnd = SeedLimitsMap.CodeOf(session.SeedLimits.Then),
            Schedule = ScheduleMap.Of(session.Schedule),
            SeparateLocalLimits = session.LocalNetwork is not null,
            LocalMaxDownloadRate = NumberOf(session.LocalNetwork?.MaxDownloadRate),
            LocalMaxUploadRate = NumberOf(session.LocalNetwork?.MaxUploadRate),
            IncompleteFolder = options.IncompleteFolder ?? "",
            Blocklist = session.Blocklist ?? "",
            ListenPort = session.ListenPort,
            Bind = session.Bind?.ToString() ?? "",
            Dht = session.Dht is not null,
            LocalDiscovery = session.LocalDiscovery,
            PortMapping = session.PortMapping,
            Proxy = session.Proxy?.ToString() ?? "",
            ProxyFor = EngineCodes.Of(session.Proxy?.Uses ?? ProxyUses.All),
            Utp = EngineCodes.Of(session.Utp),
            Encryption = EngineCodes.Of(session.Encryption),
            AwaitingRestart = [],
        };
    }

    /// <summary>The options that a running session applies.</summary>
    public static SessionOptions WhileRunning(SessionOptions options, SessionSettings settings)
    {
        bool isAlternative = settings.AlternativeLimits;
        return options with
        {
            DownloadFolder = settings.DownloadFolder,
            MaxDownloadRate = RateOf(isAlternative ? settings.AlternativeMaxDownloadRate : settings.MaxDownloadRate),
            MaxUploadRate = RateOf(isAlternative ? settings.AlternativeMaxUploadRate : settings.MaxUploadRate),
            Schedule = isAlternative ? [] : ScheduleMap.Of(settings.Schedule),
            LocalNetwork = !settings.SeparateLocalLimits ? null : new LocalNetworkOptions
            {
                MaxDownloadRate = RateOf(settings.LocalMaxDownloadRate),
                MaxUploadRate = RateOf(settings.LocalMaxUploadRate),
            },
            Queue = QueueMap.Of(settings),
            SeedLimits = SeedLimitsMap.Of(settings),
            Blocklist = settings.Blocklist.Length == 0 ? null : settings.Blocklist,
            MaxConnections = settings.MaxConnections,
            CheckpointInterval = TimeSpan.FromSeconds(settings.CheckpointInterval),
            Preallocation = settings.Preallocation == PreallocationCode.Full ? Preallocation.Full : Preallocation.Sparse,
        };
    }

    /// <summary>
    /// What a session is started with. Of encryption and the proxy only what was changed, since the configuration may say more.
    /// </summary>
    public static SessionOptions AtStart(SessionOptions options, SessionSettings settings, SessionChange kept) =>
        WhileRunning(options, settings) with
        {
            ListenPort = settings.ListenPort,
            Bind = BindTarget.TryParse(settings.Bind, out BindTarget? target) ? target : null,
            Dht = settings.Dht ? options.Dht ?? new DhtOptions() : null,
            LocalDiscovery = settings.LocalDiscovery,
            PortMapping = settings.PortMapping,
            Proxy = (kept.Proxy is { } proxy ? ProxyOf(proxy) : options.Proxy) is { } used
                ? used with { Uses = EngineCodes.Of(settings.ProxyFor) }
                : null,
            Utp = EngineCodes.Of(settings.Utp),
            Encryption = kept.Encryption is { } encryption ? EngineCodes.Of(encryption) : options.Encryption,
        };

    /// <summary>The names of settings that take effect at a start and differ from those the session was started with.</summary>
    /// <param name="started">The settings that it was started with.</param>
    /// <param name="now">The settings now.</param>
    /// <param name="before">The proxy that it was started with, which settings show without its password.</param>
    /// <param name="next">The proxy that it will be started with.</param>
    public static IReadOnlyList<string> AwaitingRestart(
        SessionSettings started, SessionSettings now, ProxyOptions? before, ProxyOptions? next)
    {
        bool isSameProxy = next is null ? before is null : before is not null && before with { Uses = next.Uses } == next;
        (string Name, bool Differs)[] all =
        [
            ("listenPort", started.ListenPort != now.ListenPort),
            ("bind", started.Bind != now.Bind),
            ("dht", started.Dht != now.Dht),
            ("localDiscovery", started.LocalDiscovery != now.LocalDiscovery),
            ("portMapping", started.PortMapping != now.PortMapping),
            ("proxy", !isSameProxy),
            ("proxyFor", next is not null && EngineCodes.Of(started.ProxyFor) != next.Uses),
            ("utp", started.Utp != now.Utp),
            ("encryption", started.Encryption != now.Encryption),
        ];
        return [.. all.Where(setting => setting.Differs).Select(setting => setting.Name)];
    }

    /// <summary>The limits in force at a time, where 0 means none, and whether they come from the schedule.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="local">The local time.</param>
    public static (long Down, long Up, bool Scheduled) LimitsOf(SessionSettings settings, DateTime local)
    {
        if (settings.AlternativeLimits)
            return (settings.AlternativeMaxDownloadRate, settings.AlternativeMaxUploadRate, false);
        ScheduledLimits? holds = ScheduleMap.Of(settings.Schedule).FirstOrDefault(limits => limits.Window.Contains(local));
        return holds is null
            ? (settings.MaxDownloadRate, settings.MaxUploadRate, false)
            : (holds.MaxDownloadRate?.BytesPerSecond ?? settings.MaxDownloadRate,
                holds.MaxUploadRate?.BytesPerSecond ?? settings.MaxUploadRate, true);
    }

    public static DataRate? RateOf(long rate) => rate == 0 ? null : new DataRate(rate);

    /// <summary>A proxy without user name and password, safe to show.</summary>
    public static string Masked(string proxy) => ProxyOf(proxy)?.ToString() ?? "";

    /// <summary>
    /// A changed proxy, with the known user name and password if it has none and is at the same host: they are not shown.
    /// </summary>
    public static string WithCredentials(string proxy, ProxyOptions? known)
    {
        bool isKept = ProxyOf(proxy) is { UserName: null } changed && known is { UserName: not null }
            && changed.Kind == known.Kind && changed.Host.Equals(known.Host, StringComparison.OrdinalIgnoreCase);
        if (!isKept)
            return proxy;
        string password = known!.Password is { } secret ? ":" + Uri.EscapeDataString(secret) : "";
        return Masked(proxy).Replace("://", $"://{Uri.EscapeDataString(known.UserName!)}{password}@", StringComparison.Ordinal);
    }

    public static ProxyOptions? ProxyOf(string text) =>
        text.Length > 0 && ProxyOptions.TryParse(text, out ProxyOptions? proxy, out _) ? proxy : null;

    private static long NumberOf(DataRate? rate) => rate?.BytesPerSecond ?? 0;
}
