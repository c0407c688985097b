using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Freshet.Api;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>
/// Decides for which torrents the program is run: once for each that was downloaded since a program is configured. That it was run is
/// recorded with the torrent, since events may be missed and the daemon may end while programs wait; what was missed is found at the next
/// start. A few programs run at once.
/// </summary>
internal sealed class Completions : IAsyncDisposable
{
    /// <summary>The file with the time since which a program is configured, in seconds of Unix time.</summary>
    public const string FileName = "on-complete";

    private readonly CompletionProgram _program;
    private readonly Session _session;
    private readonly LogBook _log;
    private readonly DateTimeOffset _since;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Torrent> _waiting = Channel.CreateBounded<Torrent>(Bounds.MaxWaitingPrograms);
    private readonly ConcurrentDictionary<Torrent, bool> _pending = [];
    private readonly Task[] _workers;

    /// <param name="program">The program.</param>
    /// <param name="session">The session with the torrents.</param>
    /// <param name="log">Receives failures.</param>
    /// <param name="since">Torrents completed before are ignored; see <see cref="SinceOf"/>.</param>
    public Completions(CompletionProgram program, Session session, LogBook log, DateTimeOffset since)
    {
        (_program, _session, _log, _since) = (program, session, log, since);
        _workers = program.Exists ? [.. Enumerable.Range(0, Bounds.MaxPrograms).Select(_ => WorkAsync())] : [];
    }

    /// <summary>
    /// The time since which a program is configured without interruption: a new one is not run for all earlier downloads.
    /// </summary>
    public static DateTimeOffset SinceOf(PrivateFolder folder, bool isConfigured, DateTimeOffset now)
    {
        if (!isConfigured)
        {
            folder.Delete(FileName);
            return now;
        }

        if (folder.Read(FileName) is { } kept
            && long.TryParse(Encoding.ASCII.GetString(kept).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
            return DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, now.ToUnixTimeSeconds()));

        // Records have whole seconds.
        string text = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        folder.Write(FileName, Encoding.ASCII.GetBytes(text + "\n"));
        return DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
    }

    /// <summary>A torrent was downloaded.</summary>
    public void OnCompleted(Torrent torrent)
    {
        if (!_program.Exists || torrent.IsCompletionHandled || !_pending.TryAdd(torrent, true))
            return;
        if (_waiting.Writer.TryWrite(torrent))
            return;
        _pending.TryRemove(torrent, out _);
        Warn(torrent, "too many wait for their program; it is run at the next start");
    }

    /// <summary>Events may have been missed.</summary>
    public void FindMissed()
    {
        if (!_program.Exists)
            return;

        // Torrents whose data already existed when they were added were not downloaded, and have no event either.
        foreach (Torrent torrent in _session.Torrents.Where(
            torrent => torrent.CompletedAt >= _since && !torrent.IsCompletionHandled && torrent.Totals.Downloaded.Bytes > 0))
            OnCompleted(torrent);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (Torrent torrent in _waiting.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
        {
            await RunAsync(torrent).ConfigureAwait(false);
            _pending.TryRemove(torrent, out _);
        }
    }

    private async Task RunAsync(Torrent torrent)
    {
        try
        {
            if (!torrent.IsCompletionHandled && await _program.RunAsync(torrent, _stopping.Token).ConfigureAwait(false))
                await torrent.SetCompletionHandledAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            Warn(torrent, $"its program is run again at the next start, since it cannot be recorded that it was: {e.Message}");
        }
    }

    private void Warn(Torrent torrent, string message) =>
        _log.Add(LogLevelCode.Warning, "program", $"{torrent.Name}: {message}", torrent.InfoHash.ToString());
}
