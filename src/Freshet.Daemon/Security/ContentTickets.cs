using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Daemon.Security;

/// <summary>
/// Secrets in links that open the content of one file each, for players, which send neither a cookie nor the token. They expire, and end
/// with the login of whoever asked for them. Limited in number; the oldest is removed first.
/// </summary>
internal sealed class ContentTickets(TimeProvider time)
{
    private const int Length = 32;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Ticket> _tickets = [];

    /// <summary>Makes a ticket.</summary>
    /// <param name="hash">The torrent.</param>
    /// <param name="index">The file.</param>
    /// <param name="end">Cancelled when the login that it is made for ends.</param>
    /// <returns>Its secret, and when it expires.</returns>
    public (string Secret, DateTimeOffset ExpiresAt) Make(string hash, int index, CancellationToken end)
    {
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset expiresAt = now + Bounds.TicketLife;
        lock (_lock)
        {
            foreach (string ended in _tickets.Where(ticket => !ticket.Value.IsValidAt(now)).Select(ticket => ticket.Key).ToArray())
                _tickets.Remove(ended);
            if (_tickets.Count >= Bounds.MaxTickets)
                _tickets.Remove(_tickets.MinBy(ticket => ticket.Value.ExpiresAt).Key);
            _tickets[KeyOf(secret)] = new Ticket(hash, index, expiresAt, end);
        }

        return (secret, expiresAt);
    }

    /// <summary>What ends the use of a ticket for a file; null if a text is no valid ticket for it.</summary>
    public CancellationToken? EndOf(string secret, string hash, int index)
    {
        lock (_lock)
        {
            return _tickets.TryGetValue(KeyOf(secret), out Ticket? ticket) && ticket.Hash == hash && ticket.Index == index
                && ticket.IsValidAt(time.GetUtcNow()) ? ticket.End : null;
        }
    }

    // Looked up by hash, so that the time it takes reveals nothing about secrets.
    private static string KeyOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private sealed record Ticket(string Hash, int Index, DateTimeOffset ExpiresAt, CancellationToken End)
    {
        public bool IsValidAt(DateTimeOffset now) => now < ExpiresAt && !End.IsCancellationRequested;
    }
}
