using System.Text.Json;
using Freshet.Api;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Running;

/// <summary>
/// The settings of the session that the API can change. Changes are kept in the state folder and override the configuration; they are on
/// disk before they are acknowledged.
/// </summary>
internal sealed class SessionControl : IDisposable
{
    private const string FileName = "settings.json";
    private const string BlockAllFile = "blocks-all";

    // What it blocks: all of IPv4, and all of IPv6.
    private const int BlockedFamilies = 2;

    // Without these, the session would reach the network another way than it was told to: then it does not start.
    private static readonly string[] Guarding = ["bind", "proxy", "proxyFor"];

    private readonly PrivateFolder _folder;
    private readonly FolderPaths _paths;
    private readonly SessionOptions _configured;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<string> _unseen = [];
    private readonly List<string> _unused = [];
    private SessionSettings _started;
    private SessionSettings _settings;
    private SessionChange _kept;
    private string? _unreadable;
    private Session? _session;

    public SessionControl(DaemonOptions options, PrivateFolder folder, FolderPaths paths)
    {
        _folder = folder;
        _paths = paths;
        _configured = options.Session;
        _settings = SettingsMap.Of(options);
        (_kept, SessionChange usable) = Load();
        _settings = _started = Merge(_settings, usable);
        Options = SettingsMap.AtStart(options.Session, _settings, _kept);
        if (_unreadable is not null)
            Options = Options with { Blocklist = BlockAll() };
    }

    /// <summary>What of the kept settings is not used now, and why, for people.</summary>
    public IEnumerable<string> Warnings => BlocksAll ? [.. _unused, _unreadable!] : _unused;

    /// <summary>What of the kept settings could not be checked, since a disk does not respond.</summary>
    public IReadOnlyList<string> Unseen => _unseen;

    /// <summary>The options to start the session with.</summary>
    public SessionOptions Options { get; private set; }

    public SessionSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The limits in force, where 0 means none, and whether they come from the schedule.</summary>
    public (long Down, long Up, bool Scheduled) LimitsInForce =>
        SettingsMap.LimitsOf(Settings, _configured.TimeProvider.GetLocalNow().DateTime);

    private ProxyOptions? KnownProxy => _kept.Proxy is { } kept ? SettingsMap.ProxyOf(kept) : _configured.Proxy;

    // The list that blocks every address holds until another one was read.
    private bool BlocksAll => _unreadable is not null && Settings.Blocklist.Length > 0
        && (_session?.Status.BlockedRanges ?? BlockedFamilies) == BlockedFamilies;

    public async Task AttachAsync(Session session)
    {
        _session = session;

        // The file itself is looked at from now on: as soon as it can be read, its list replaces the one that blocks every address.
        if (_unreadable is not null)
            await session.ApplyAsync(session.Options with { Blocklist = Settings.Blocklist }).ConfigureAwait(false);
    }

    /// <summary>Goes back to the configured port if the one that was chosen later is taken.</summary>
    public void LeaveOutTakenPort()
    {
        if (_settings.ListenPort == _configured.ListenPort || FreePorts.Objection(_settings.ListenPort, _settings.Bind) is not { } reason)
            return;
        _unused.Add($"The port {_settings.ListenPort} from the settings is not used: it {reason}.");
        _settings = _started = _settings with { ListenPort = _configured.ListenPort };
        Options = Options with { ListenPort = _configured.ListenPort };
    }

    /// <exception cref="ApiException">Values are out of range; the message names all of them.</exception>
    public async Task<SessionSettings> ChangeAsync(SessionChange change, CancellationToken cancellationToken)
    {
        change = await SettingsRules.CheckedAsync(change, _paths, Settings.DownloadFolder, cancellationToken).ConfigureAwait(false);
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (change.Proxy is { } proxy)
                change = change with { Proxy = SettingsMap.WithCredentials(proxy, KnownProxy) };
            SessionSettings settings = Merge(_settings, change);
            if (settings.ListenPort != _started.ListenPort && settings.ListenPort != _session!.Status.ListenPort
                && FreePorts.Objection(settings.ListenPort, settings.Bind) is { } taken)
                throw ApiException.InvalidValue("listenPort", taken);
            SessionChange kept = JsonMerge.Over(_kept, change, JsonContext.Default.SessionChange);
            SessionOptions next = SettingsMap.AtStart(_configured, settings, kept);
            settings = settings with { AwaitingRestart = SettingsMap.AwaitingRestart(_started, settings, Options.Proxy, next.Proxy) };

            // A contradiction is refused now, and not at the next start.
            next.Validate();
            _folder.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(kept, JsonContext.Default.SessionChange));
            _kept = kept;
            Volatile.Write(ref _settings, settings);
            await _session!.ApplyAsync(SettingsMap.WhileRunning(_session.Options, settings)).ConfigureAwait(false);
            return settings;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    // The password of a proxy is kept, and not shown.
    private static SessionSettings Merge(SessionSettings settings, SessionChange change)
    {
        SessionSettings merged = JsonMerge.Over(settings, change, JsonContext.Default.SessionSettings);
        if (change.ProxyFor is { } uses)
            merged = merged with { ProxyFor = EngineCodes.Of(EngineCodes.Of(uses)) };
        return change.Proxy is null ? merged : merged with { Proxy = SettingsMap.Masked(merged.Proxy) };
    }

    // What was kept, and what of it can be used: a folder that is no longer allowed, say, must not keep the daemon from starting.
    private (SessionChange Kept, SessionChange Usable) Load()
    {
        if (_folder.Read(FileName) is not { } json)
            return (new SessionChange(), new SessionChange());
        try
        {
            SessionChange kept = JsonSerializer.Deserialize(json, JsonContext.Default.SessionChange) ?? new SessionChange();

            // A disk that does not respond now must not hold up torrents on others.
            (SessionChange usable, Dictionary<string, string> errors) = SettingsRules
                .CheckAsync(kept, _paths, _settings.DownloadFolder, _unseen, CancellationToken.None).GetAwaiter().GetResult();
            if (errors.Keys.Any(Guarding.Contains))
                throw ApiException.InvalidValues(errors);
            if (errors.Remove("blocklist", out string? reason))
            {
                // It stays among the settings, and nobody is connected to without it.
                usable = usable with { Blocklist = kept.Blocklist };
                _unreadable = $"The blocklist {kept.Blocklist} {reason}. No peer is connected to until it can be read, or the settings name"
                    + " another one or none.";
            }

            foreach ((string member, string objection) in errors)
                _unused.Add($"The setting {member} is not used: it {objection}.");
            return (kept, JsonMerge.Without(usable, errors.Keys));
        }
        catch (Exception e) when (e is JsonException or ApiException)
        {
            throw new FreshetException(
                FreshetError.Malformed,
                $"The settings in {Path.Combine(_folder.Path, FileName)} cannot be used: {e.Message} Mend or remove it.",
                e);
        }
    }

    private string BlockAll()
    {
        _folder.Write(BlockAllFile, "0.0.0.0/0\n::/0\n"u8);
        return Path.Combine(_folder.Path, BlockAllFile);
    }
}
