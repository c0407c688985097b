using System.Text.Json;
using Freshet.Api;
using Freshet.Core.Rates;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>
/// The settings of the session that the API can change. What was changed is kept in the state folder and comes before the configuration; it
/// is on disk before it is acknowledged.
/// </summary>
internal sealed class SessionControl : IDisposable
{
    private const string FileName = "settings.json";
    private const long LeastRate = 1024;

    private readonly PrivateFolder _folder;
    private readonly AllowedFolders _allowed;
    private readonly SemaphoreSlim _changing = new(1);
    private SessionSettings _settings;
    private SessionChange _kept;
    private Session? _session;

    public SessionControl(DaemonOptions options, PrivateFolder folder, AllowedFolders allowed)
    {
        _folder = folder;
        _allowed = allowed;
        _settings = SettingsOf(options);
        _kept = Load();
        _settings = Merge(_settings, _kept);
        Options = Apply(options.Session, _settings);
    }

    /// <summary>What the session is to be started with.</summary>
    public SessionOptions Options { get; }

    public SessionSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The limit on downloads that is in force; 0 is none.</summary>
    public long MaxDownloadRate => Effective(Settings).Down;

    /// <summary>The limit on uploads that is in force; 0 is none.</summary>
    public long MaxUploadRate => Effective(Settings).Up;

    public void Attach(Session session) => _session = session;

    /// <exception cref="ApiException">A value is out of range; it says all that are.</exception>
    public async Task<SessionSettings> ChangeAsync(SessionChange change, CancellationToken cancellationToken)
    {
        change = Checked(change);
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            SessionSettings settings = Merge(_settings, change);
            SessionChange kept = Merge(_kept, change);
            _folder.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(kept, JsonContext.Default.SessionChange));
            _kept = kept;
            Volatile.Write(ref _settings, settings);
            await _session!.ApplyAsync(Apply(_session.Options, settings)).ConfigureAwait(false);
            return settings;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private SessionChange Load()
    {
        if (_folder.Read(FileName) is not { } json)
            return new SessionChange();
        try
        {
            return Checked(JsonSerializer.Deserialize(json, JsonContext.Default.SessionChange) ?? new SessionChange());
        }
        catch (Exception e) when (e is JsonException or ApiException)
        {
            throw new FreshetException(
                FreshetError.Malformed,
                $"The settings in {Path.Combine(_folder.Path, FileName)} cannot be used: {e.Message} Mend or remove it.",
                e);
        }
    }

    private SessionChange Checked(SessionChange change)
    {
        Dictionary<string, string> errors = [];
        RequireRate(change.MaxDownloadRate, "maxDownloadRate");
        RequireRate(change.MaxUploadRate, "maxUploadRate");
        RequireRate(change.AlternativeMaxDownloadRate, "alternativeMaxDownloadRate");
        RequireRate(change.AlternativeMaxUploadRate, "alternativeMaxUploadRate");
        if (change.MaxConnections is < 2 or > 65_535)
            errors["maxConnections"] = $"is {change.MaxConnections}: 2 to 65535";
        if (change.CheckpointInterval is < 1 or > 3_600)
            errors["checkpointInterval"] = $"is {change.CheckpointInterval}: 1 to 3600";
        if (change.DownloadFolder is { } folder)
        {
            if (_allowed.Resolve(folder, _settings.DownloadFolder) is { } full)
                change = change with { DownloadFolder = full };
            else
                errors["downloadFolder"] = "is not in an allowed folder";
        }

        return errors.Count == 0 ? change : throw new ApiException(
            400, "invalid-value", string.Join("; ", errors.Select(error => $"{error.Key} {error.Value}")) + ".")
        {
            Errors = errors,
        };

        void RequireRate(long? rate, string member)
        {
            if (rate is < 0 or (> 0 and < LeastRate))
                errors[member] = $"is {rate}: {LeastRate} or more, or 0 for no limit";
        }
    }

    private static SessionSettings SettingsOf(DaemonOptions options) => new()
    {
        DownloadFolder = Path.GetFullPath(options.Session.DownloadFolder),
        MaxDownloadRate = options.Session.MaxDownloadRate?.BytesPerSecond ?? 0,
        MaxUploadRate = options.Session.MaxUploadRate?.BytesPerSecond ?? 0,
        AlternativeMaxDownloadRate = options.AlternativeMaxDownloadRate?.BytesPerSecond ?? 0,
        AlternativeMaxUploadRate = options.AlternativeMaxUploadRate?.BytesPerSecond ?? 0,
        AlternativeLimits = false,
        MaxConnections = options.Session.MaxConnections,
        CheckpointInterval = (int)options.Session.CheckpointInterval.TotalSeconds,
        Preallocation = options.Session.Preallocation == Preallocation.Full ? PreallocationCode.Full : PreallocationCode.Sparse,
    };

    private static SessionSettings Merge(SessionSettings settings, SessionChange change) => new()
    {
        DownloadFolder = change.DownloadFolder ?? settings.DownloadFolder,
        MaxDownloadRate = change.MaxDownloadRate ?? settings.MaxDownloadRate,
        MaxUploadRate = change.MaxUploadRate ?? settings.MaxUploadRate,
        AlternativeMaxDownloadRate = change.AlternativeMaxDownloadRate ?? settings.AlternativeMaxDownloadRate,
        AlternativeMaxUploadRate = change.AlternativeMaxUploadRate ?? settings.AlternativeMaxUploadRate,
        AlternativeLimits = change.AlternativeLimits ?? settings.AlternativeLimits,
        MaxConnections = change.MaxConnections ?? settings.MaxConnections,
        CheckpointInterval = change.CheckpointInterval ?? settings.CheckpointInterval,
        Preallocation = change.Preallocation ?? settings.Preallocation,
    };

    private static SessionChange Merge(SessionChange kept, SessionChange change) => new()
    {
        DownloadFolder = change.DownloadFolder ?? kept.DownloadFolder,
        MaxDownloadRate = change.MaxDownloadRate ?? kept.MaxDownloadRate,
        MaxUploadRate = change.MaxUploadRate ?? kept.MaxUploadRate,
        AlternativeMaxDownloadRate = change.AlternativeMaxDownloadRate ?? kept.AlternativeMaxDownloadRate,
        AlternativeMaxUploadRate = change.AlternativeMaxUploadRate ?? kept.AlternativeMaxUploadRate,
        AlternativeLimits = change.AlternativeLimits ?? kept.AlternativeLimits,
        MaxConnections = change.MaxConnections ?? kept.MaxConnections,
        CheckpointInterval = change.CheckpointInterval ?? kept.CheckpointInterval,
        Preallocation = change.Preallocation ?? kept.Preallocation,
    };

    private static SessionOptions Apply(SessionOptions options, SessionSettings settings)
    {
        (long down, long up) = Effective(settings);
        return options with
        {
            DownloadFolder = settings.DownloadFolder,
            MaxDownloadRate = down == 0 ? null : new DataRate(down),
            MaxUploadRate = up == 0 ? null : new DataRate(up),
            MaxConnections = settings.MaxConnections,
            CheckpointInterval = TimeSpan.FromSeconds(settings.CheckpointInterval),
            Preallocation = settings.Preallocation == PreallocationCode.Full ? Preallocation.Full : Preallocation.Sparse,
        };
    }

    private static (long Down, long Up) Effective(SessionSettings settings) => settings.AlternativeLimits
        ? (settings.AlternativeMaxDownloadRate, settings.AlternativeMaxUploadRate)
        : (settings.MaxDownloadRate, settings.MaxUploadRate);
}
