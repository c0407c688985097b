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

    private readonly PrivateFolder _folder;
    private readonly FolderPaths _paths;
    private readonly SessionOptions _configured;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<string> _unseen = [];
    private readonly SessionSettings _started;
    private SessionSettings _settings;
    private SessionChange _kept;
    private Session? _session;

    public SessionControl(DaemonOptions options, PrivateFolder folder, FolderPaths paths)
    {
        _folder = folder;
        _paths = paths;
        _configured = options.Session;
        _settings = SettingsMap.Of(options);
        _kept = Load();
        _settings = Merge(_settings, _kept);
        _started = _settings;
        Options = SettingsMap.AtStart(options.Session, _settings, _kept);
    }

    /// <summary>What of the kept settings could not be checked, since a disk does not respond.</summary>
    public IReadOnlyList<string> Unseen => _unseen;

    /// <summary>The options to start the session with.</summary>
    public SessionOptions Options { get; }

    public SessionSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The limits in force, where 0 means none, and whether they come from the schedule.</summary>
    public (long Down, long Up, bool Scheduled) LimitsInForce =>
        SettingsMap.LimitsOf(Settings, _configured.TimeProvider.GetLocalNow().DateTime);

    private ProxyOptions? KnownProxy => _kept.Proxy is { } kept ? SettingsMap.ProxyOf(kept) : _configured.Proxy;

    public void Attach(Session session) => _session = session;

    /// <exception cref="ApiException">Values are out of range; the message names all of them.</exception>
    public async Task<SessionSettings> ChangeAsync(SessionChange change, CancellationToken cancellationToken)
    {
        change = await SettingsRules.CheckedAsync(change, _paths, Settings.DownloadFolder, unseen: null, cancellationToken)
            .ConfigureAwait(false);
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (change.Proxy is { } proxy)
                change = change with { Proxy = SettingsMap.WithCredentials(proxy, KnownProxy) };
            SessionSettings settings = Merge(_settings, change);
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

    private SessionChange Load()
    {
        if (_folder.Read(FileName) is not { } json)
            return new SessionChange();
        SessionChange kept = new();
        try
        {
            kept = JsonSerializer.Deserialize(json, JsonContext.Default.SessionChange) ?? kept;

            // A disk that does not respond now must not hold up torrents on others.
            return SettingsRules.CheckedAsync(kept, _paths, _settings.DownloadFolder, _unseen, CancellationToken.None)
                .GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is JsonException or ApiException)
        {
            throw new FreshetException(
                FreshetError.Malformed,
                $"The settings in {Path.Combine(_folder.Path, FileName)} cannot be used: {e.Message} Mend or remove it.",
                e);
        }
    }
}
