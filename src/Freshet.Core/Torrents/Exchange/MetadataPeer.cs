using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>The state of fetching metadata from one peer that has it.</summary>
internal sealed class MetadataPeer(Peer peer)
{
    /// <summary>Concurrent requests to one peer. More would only look like a flood (BEP 9 allows peers to refuse requests then).</summary>
    public const int MostRequests = 2;

    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(4);

    private readonly List<MetadataRequest> _requests = new(MostRequests);
    private int _refusals;

    public Peer Peer { get; } = peer;

    /// <summary>Bytes of the metadata according to the peer; 0 if it has none, or more than we accept.</summary>
    public int Size { get; set; }

    /// <summary>How many attempts with this peer alone have failed.</summary>
    public int FailuresAlone { get; set; }

    /// <summary>Consecutive messages that we have not requested.</summary>
    public int Unrequested { get; set; }

    /// <summary>The peer is not asked before this moment.</summary>
    public Timestamp RestsUntil { get; private set; } = new(long.MinValue);

    /// <summary>Outstanding requests, including overdue ones.</summary>
    public IReadOnlyList<MetadataRequest> Requests => _requests;

    /// <summary>Whether a piece may be requested from it now.</summary>
    public bool CanBeAsked(Timestamp now) => Size > 0 && now >= RestsUntil && _requests.Count < MostRequests;

    public bool IsAskedFor(MetadataAttempt attempt, int piece)
    {
        foreach (MetadataRequest request in _requests)
        {
            if (request.Attempt == attempt && request.Piece == piece)
                return true;
        }

        return false;
    }

    public void OnAsked(MetadataAttempt attempt, int piece, Timestamp at)
    {
        attempt.OnAsked(piece);
        _requests.Add(new MetadataRequest(attempt, piece, at));
    }

    /// <summary>It answered a request, which is removed. False if there was none.</summary>
    public bool TryTake(int piece, out MetadataRequest request)
    {
        int at = _requests.FindIndex(asked => asked.Piece == piece);
        request = at < 0 ? default : _requests[at];
        if (at >= 0)
            Remove(at);
        return at >= 0;
    }

    /// <summary>It sent a requested piece.</summary>
    public void OnGiven()
    {
        _refusals = 0;
        Unrequested = 0;
    }

    /// <summary>It refused, or never answered: it is left alone, longer each time.</summary>
    public void OnRefused(Timestamp now)
    {
        RestsUntil = now + TimeSpan.FromTicks(Math.Min(FirstRest.Ticks << Math.Min(_refusals, 8), LongestRest.Ticks));
        _refusals++;
    }

    /// <summary>Withdraws all requests to it.</summary>
    public void ForgetRequests()
    {
        while (_requests.Count > 0)
            Remove(_requests.Count - 1);
    }

    /// <summary>Lets overdue pieces be requested from others, and drops requests that were waited for in vain.</summary>
    /// <param name="own">The time on the peer's own clock.</param>
    /// <param name="overdueAfter">The time after which others are asked too.</param>
    /// <param name="lostAfter">The time after which no answer is expected.</param>
    /// <param name="anyLost">Whether a request was dropped.</param>
    /// <returns>Whether something can now be requested from others.</returns>
    public bool Expire(Timestamp own, TimeSpan overdueAfter, TimeSpan lostAfter, out bool anyLost)
    {
        bool anyOverdue = false;
        anyLost = false;
        for (int i = _requests.Count - 1; i >= 0; i--)
        {
            MetadataRequest request = _requests[i];
            if (own - request.AskedAt >= lostAfter)
            {
                Remove(i);
                anyLost = true;
            }
            else if (!request.IsOverdue && own - request.AskedAt >= overdueAfter)
            {
                request.Attempt.OnReleased(request.Piece);
                _requests[i] = request with { IsOverdue = true };
                anyOverdue = true;
            }
        }

        return anyOverdue || anyLost;
    }

    private void Remove(int at)
    {
        MetadataRequest request = _requests[at];
        _requests.RemoveAt(at);
        if (!request.IsOverdue)
            request.Attempt.OnReleased(request.Piece);
    }
}
