using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Daemon.Security;

/// <summary>
/// The sessions of logged-in browsers: limited in number; the one unused for the longest time is removed first. Whatever ends a session
/// also ends the streams that were opened with its cookie.
/// </summary>
internal sealed class CookieSessions(TimeProvider time)
{
    private const int Length = 32;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BrowserSession> _sessions = [];

    /// <summary>Creates a session and returns its secret.</summary>
    public string Begin()
    {
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
        BrowserSession? displaced = null;
        lock (_lock)
        {
            if (_sessions.Count >= Bounds.MaxCookies)
                _sessions.Remove(_sessions.MinBy(session => session.Value.LastUse).Key, out displaced);
            _sessions[KeyOf(secret)] = new BrowserSession(time);
        }

        displaced?.End();
        return secret;
    }

    /// <summary>Whether a secret belongs to a session. Counts as a use.</summary>
    public bool IsValid(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return false;
        string key = KeyOf(secret);
        BrowserSession? ended;
        lock (_lock)
        {
            if (!_sessions.TryGetValue(key, out BrowserSession? session))
                return false;
            if (session.TryUse(time.GetUtcNow()))
                return true;
            _sessions.Remove(key, out ended);
        }

        ended?.End();
        return false;
    }

    /// <summary>Cancelled when the session with this secret has ended.</summary>
    public CancellationToken EndOf(string? secret)
    {
        lock (_lock)
        {
            return !string.IsNullOrEmpty(secret) && _sessions.TryGetValue(KeyOf(secret), out BrowserSession? session)
                ? session.Ended
                : new CancellationToken(canceled: true);
        }
    }

    public void End(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return;
        BrowserSession? ended;
        lock (_lock)
            _sessions.Remove(KeyOf(secret), out ended);
        ended?.End();
    }

    // Looked up by hash, so that the time it takes reveals nothing about secrets.
    private static string KeyOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

#pragma warning disable CA1001 // Its source is cancelled at the end, which ends its timer too; streams may still ask it whether it is.
    private sealed class BrowserSession(TimeProvider time)
#pragma warning restore CA1001
    {
        // Streams are not uses, so it may become too old while one is open.
        private readonly CancellationTokenSource _ending = new(Bounds.CookieLife, time);

        public DateTimeOffset LastUse { get; private set; } = time.GetUtcNow();

        public CancellationToken Ended => _ending.Token;

        /// <summary>Notes a use; false if it has become too old.</summary>
        public bool TryUse(DateTimeOffset now)
        {
            if (now - LastUse > Bounds.CookieLife || _ending.IsCancellationRequested)
                return false;
            LastUse = now;
            _ending.CancelAfter(Bounds.CookieLife);
            return true;
        }

        public void End()
        {
            _ending.CancelAfter(Timeout.InfiniteTimeSpan);
            _ending.Cancel();
        }
    }
}
