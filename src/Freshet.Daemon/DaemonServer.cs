using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Api;
using Freshet.Daemon.Countries;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Http;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Metrics;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;
using Freshet.Daemon.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Freshet.Daemon;

/// <summary>A session served over HTTP. It reads no configuration and handles no signals; its host does.</summary>
public sealed class DaemonServer : IAsyncDisposable
{
    private readonly DaemonOptions _options;
    private readonly PrivateFolder _folder;
    private readonly ILogger _logger;
    private AccessToken? _token;
    private readonly SessionControl _control;
    private Doors? _doors;
    private readonly MeterRegistry _meters = new();
    private readonly PrometheusText _metrics;
    private readonly CountryDatabase? _countries;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceManager _manager = new(Environment.GetEnvironmentVariable);
    private Session? _session;
    private WebApplication? _web;
    private ServedCertificate? _certificate;
    private IDisposable? _lock;
    private Completions? _completions;
    private Task _ticking = Task.CompletedTask;
    private Task _renewing = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private Task _logging = Task.CompletedTask;
    private Task? _stopped;

    private DaemonServer(DaemonOptions options)
    {
        _options = options;
        _logger = options.Session.LoggerFactory.CreateLogger("Freshet.Daemon");
        _folder = new PrivateFolder(options.Session.StateFolder
            ?? throw new ArgumentException("A daemon needs a state folder.", nameof(options)));
        AllowedFolders allowed = new(
            options.EffectiveFolders, options.WatchFolders.Select(watched => Path.GetFullPath(watched.Path)), [.. options.OwnPaths]);
        Paths = new FolderPaths(allowed, new DiskLooks(options.ActionPatience), MountTable.Read);
        _control = new SessionControl(options, _folder, Paths);
        _metrics = new PrometheusText(_meters);
        _countries = options.GeoIp is null ? null : CountryDatabase.Load(options.GeoIp);
        Moves = new Moves(_stopping.Token);
    }

    /// <summary>
    /// The URLs at which it is served, with the ports chosen by the system; with the loopback address if it listens on all addresses.
    /// </summary>
    public ImmutableArray<Uri> Urls { get; private set; } = [];

    /// <summary>The secret token that grants access.</summary>
    public string Token => _token!.Text;

    /// <summary>
    /// Whether the token was never shown: <see cref="OnTokenShown"/> was not called since it was created, by this start or by one that
    /// failed.
    /// </summary>
    public bool IsTokenNew => _token!.IsNew;

    /// <summary>The session.</summary>
    public Session Session => _session!;

    internal Moves Moves { get; }

    /// <summary>What the handlers of requests share, for tests.</summary>
    internal DaemonParts? Parts { get; private set; }

    private FolderPaths Paths { get; }

    /// <summary>Starts a session and serves it until it is stopped.</summary>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    /// <exception cref="FreshetException">The session cannot start, or an endpoint cannot be listened on.</exception>
    public static async Task<DaemonServer> StartAsync(DaemonOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        DaemonServer daemon = new(options);
        try
        {
            daemon._control.LeaveOutTakenPort();
            daemon._session = await Session.StartAsync(
                daemon._control.Options with { MeterFactory = daemon._meters }, cancellationToken).ConfigureAwait(false);
            await daemon._control.AttachAsync(daemon._session).ConfigureAwait(false);
            await daemon.ServeAsync(cancellationToken).ConfigureAwait(false);
            return daemon;
        }
        catch
        {
            await daemon.StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Notes that the token was shown to whoever started the daemon, so that later starts need not show it again.</summary>
    public void OnTokenShown()
    {
        try
        {
            _token!.OnShown();
        }
        catch (FreshetException e)
        {
            Log.TokenShownAgain(_logger, e.Message);
        }
    }

    /// <summary>
    /// Stops the daemon: ends streams, answers pending requests, saves the torrents and announces their stop to trackers, within
    /// <see cref="DaemonOptions.StopTime"/>.
    /// </summary>
    public Task StopAsync() => _stopped ??= StopCoreAsync();

    /// <summary>Same as <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task StopCoreAsync()
    {
        _manager.Stopping();
        await _stopping.CancelAsync().ConfigureAwait(false);
        using CancellationTokenSource patience = new(_options.StopTime);
        using CancellationTokenSource patienceWithClients = new(_options.StopTime / 3);
        Withdraw();
        await StopServingAsync(patienceWithClients.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (_session is not null)
                await _session.StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // What could not be recorded is checked at the next start; the session has warned about it.
        }

        await _logging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _metrics.Dispose();
        _meters.Dispose();
        _control.Dispose();
        _stopping.Dispose();
    }

    // Whatever is wrong with the state folder, the torrents are stopped properly.
    private void Withdraw()
    {
        if (_lock is null)
        {
            // Perhaps another daemon is using the state folder.
            return;
        }

        try
        {
            _folder.Delete(LocalDaemon.AddressFile);
        }
        catch (FreshetException e)
        {
            Log.AddressStays(_logger, e.Message);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    // Whatever requests, watch folders or programs do, the torrents get their time to stop.
    private async Task StopServingAsync(CancellationToken patience)
    {
        if (_web is not null)
        {
            await _web.StopAsync(patience).ConfigureAwait(false);
            await _web.DisposeAsync().ConfigureAwait(false);
        }

        await _ticking.ConfigureAwait(false);
        await _renewing.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watching.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_completions is not null)
            await _completions.DisposeAsync().AsTask().WaitAsync(patience).ConfigureAwait(false);
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        // Only now, when no other daemon can be using the state folder.
        _token = AccessToken.Open(_folder);
        _doors = new Doors(_token, _options.PasswordHash, _options.Session.TimeProvider);
        DaemonParts parts = Parts = MakeParts();
        CompletionProgram program = new(_options.OnComplete, parts.Log);
        DateTimeOffset since = Completions.SinceOf(_folder, program.Exists, parts.StartedAt);
        _completions = new Completions(program, Session, parts.Log, since);
        IAsyncEnumerable<SessionEvent> events = Session.ReadEventsAsync(_stopping.Token);
        _logging = new EventLogger(parts.Log, _completions).RunAsync(events);
        _completions.FindMissed();
        await parts.Catalog.RefreshAsync().ConfigureAwait(false);
        _certificate = ServedCertificate.Of(_options);
        _web = WebHosting.Build(_options, _certificate, parts, _logger);
        try
        {
            await _web.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new FreshetException(
                FreshetError.CannotListen,
                $"The daemon cannot be served at {string.Join(", ", _options.Listen)}: {e.GetBaseException().Message.TrimEnd('.')}.", e);
        }

        foreach (string unseen in _control.Unseen)
        {
            Log.SettingUnseen(_logger, unseen);
            parts.Log.Add(LogLevelCode.Warning, "warning", $"A setting is used without being checked: {unseen}");
        }

        foreach (string unused in _control.Warnings)
        {
            Log.SettingUnused(_logger, unused);
            parts.Log.Add(LogLevelCode.Warning, "warning", unused);
        }

        Urls = [.. _web.Urls.Select(url => ReachableOf(new Uri(url)))];
        await DescribeAsync(cancellationToken).ConfigureAwait(false);
        Log.Serving(_logger, Urls[0].ToString());
        _ticking = new Ticker(parts, _manager, _logger).RunAsync(_stopping.Token);
        if (_certificate is not null)
            _renewing = new CertificateRenewal(_certificate, DescribeCertificate, parts.Log).RunAsync(parts.Time, _stopping.Token);
        _ = Paths.LearnAsync(_stopping.Token).ContinueWith(
            static learning => _ = learning.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _watching = FolderWatching.RunAsync(parts);
        _manager.Ready($"Serving {Urls[0]}");
    }

    // All addresses are none that can be opened; this machine is reached at loopback then.
    private static Uri ReachableOf(Uri url)
    {
        if (!IPAddress.TryParse(url.IdnHost, out IPAddress? address))
            return url;
        return address.Equals(IPAddress.Any) ? new UriBuilder(url) { Host = "127.0.0.1" }.Uri
            : address.Equals(IPAddress.IPv6Any) ? new UriBuilder(url) { Host = "[::1]" }.Uri
            : url;
    }

    // For programs of the same user, which find the daemon through its state folder.
    private async Task DescribeAsync(CancellationToken cancellationToken)
    {
        _folder.Delete(LocalDaemon.AddressFile);
        _lock = await _folder.LockAsync(LocalDaemon.LockFile, cancellationToken).ConfigureAwait(false);
        if (_certificate is null)
            _folder.Delete(LocalDaemon.CertificateFile);
        else
            DescribeCertificate(_certificate.Hash);
        _folder.Write(LocalDaemon.AddressFile, Encoding.UTF8.GetBytes(Urls[0] + "\n"));
    }

    private void DescribeCertificate(string hash) => _folder.Write(LocalDaemon.CertificateFile, Encoding.ASCII.GetBytes(hash + "\n"));

    private DaemonParts MakeParts()
    {
        TimeProvider time = _options.Session.TimeProvider;
        EventJournal journal = new();
        DiskSpace space = new(Paths, time);
        return new DaemonParts
        {
            Options = _options,
            Session = Session,
            Control = _control,
            Paths = Paths,
            Order = new CommandOrder(),
            QueueTurns = new QueueTurns(_options.ActionPatience),
            Moves = Moves,
            Catalog = new Catalog(Session, journal, Moves, status => SessionStates.Of(status, _control, space)),
            Journal = journal,
            Log = new LogBook(journal, time),
            Troubles = new Troubles(),
            History = new RateHistories(time),
            Doors = _doors!,
            Metrics = _metrics,
            Health = new Health(time, _stopping.Token),
            Time = time,
            Countries = _countries,
            StartedAt = time.GetUtcNow(),
            Stopping = _stopping.Token,
        };
    }
}
