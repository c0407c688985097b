using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Daemon.Security;

/// <summary>The sessions of logged-in browsers: limited in number; the one unused for the longest time is removed first.</summary>
internal sealed class CookieSessions(TimeProvider time)
{
    private const int Length = 32;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _lastUse = [];

    /// <summary>Creates a session and returns its secret.</summary>
    public string Begin()
    {
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
        lock (_lock)
        {
            if (_lastUse.Count >= Bounds.MaxCookies)
                _lastUse.Remove(_lastUse.MinBy(session => session.Value).Key);
            _lastUse[KeyOf(secret)] = time.GetUtcNow();
        }

        return secret;
    }

    /// <summary>Whether a secret belongs to a session. Counts as a use.</summary>
    public bool IsValid(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return false;
        string key = KeyOf(secret);
        lock (_lock)
        {
            if (!_lastUse.TryGetValue(key, out DateTimeOffset used))
                return false;
            if (time.GetUtcNow() - used > Bounds.CookieLife)
            {
                _lastUse.Remove(key);
                return false;
            }

            _lastUse[key] = time.GetUtcNow();
            return true;
        }
    }

    public void End(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return;
        lock (_lock)
            _lastUse.Remove(KeyOf(secret));
    }

    // Looked up by hash, so that the time it takes reveals nothing about secrets.
    private static string KeyOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
