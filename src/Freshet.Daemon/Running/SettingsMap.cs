using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Running;

/// <summary>The engine's options as settings of the API, and back.</summary>
internal static class SettingsMap
{
    public static SessionSettings Of(DaemonOptions options)
    {
        SessionOptions session = options.Session;
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
            ListenPort = session.ListenPort,
            Bind = session.Bind?.ToString() ?? "",
            Dht = session.Dht is not null,
            LocalDiscovery = session.LocalDiscovery,
            Utp = EngineCodes.Of(session.Utp),
            Encryption = EngineCodes.Of(session.Encryption),
            AwaitingRestart = [],
        };
    }

    /// <summary>What a running session takes over.</summary>
    public static SessionOptions WhileRunning(SessionOptions options, SessionSettings settings)
    {
        (long down, long up) = LimitsOf(settings);
        return options with
        {
            DownloadFolder = settings.DownloadFolder,
            MaxDownloadRate = RateOf(down),
            MaxUploadRate = RateOf(up),
            MaxConnections = settings.MaxConnections,
            CheckpointInterval = TimeSpan.FromSeconds(settings.CheckpointInterval),
            Preallocation = settings.Preallocation == PreallocationCode.Full ? Preallocation.Full : Preallocation.Sparse,
        };
    }

    /// <summary>What a session is started with. Of encryption only what was changed, since the configuration may say more.</summary>
    public static SessionOptions AtStart(SessionOptions options, SessionSettings settings, SessionChange kept) =>
        WhileRunning(options, settings) with
        {
            ListenPort = settings.ListenPort,
            Bind = BindTarget.TryParse(settings.Bind, out BindTarget? target) ? target : null,
            Dht = settings.Dht ? options.Dht ?? new DhtOptions() : null,
            LocalDiscovery = settings.LocalDiscovery,
            Utp = EngineCodes.Of(settings.Utp),
            Encryption = kept.Encryption is { } encryption ? EngineCodes.Of(encryption) : options.Encryption,
        };

    /// <summary>The names of settings that need a start and are not what the session was started with.</summary>
    public static IReadOnlyList<string> AwaitingRestart(SessionSettings started, SessionSettings now)
    {
        (string Name, bool Differs)[] all =
        [
            ("listenPort", started.ListenPort != now.ListenPort),
            ("bind", started.Bind != now.Bind),
            ("dht", started.Dht != now.Dht),
            ("localDiscovery", started.LocalDiscovery != now.LocalDiscovery),
            ("utp", started.Utp != now.Utp),
            ("encryption", started.Encryption != now.Encryption),
        ];
        return [.. all.Where(setting => setting.Differs).Select(setting => setting.Name)];
    }

    /// <summary>The limits that are in force; 0 is none.</summary>
    public static (long Down, long Up) LimitsOf(SessionSettings settings) => settings.AlternativeLimits
        ? (settings.AlternativeMaxDownloadRate, settings.AlternativeMaxUploadRate)
        : (settings.MaxDownloadRate, settings.MaxUploadRate);

    private static long NumberOf(DataRate? rate) => rate?.BytesPerSecond ?? 0;

    private static DataRate? RateOf(long rate) => rate == 0 ? null : new DataRate(rate);
}
