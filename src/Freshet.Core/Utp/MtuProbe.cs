using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// Finds how long packets may be so that the path carries them in one piece, between the length that every path carries and that of the
/// local network, by sending one packet at a time that may not be fragmented. All other packets may be, so that what was sent at a length
/// that is too long arrives all the same. A probe is lengthened by padding, so that its payload can be resent in a packet of ordinary
/// length. The first probe is as long as Ethernet allows, which usually works; if it does not, the length in use is probed, and the next
/// ones halve the range. Since paths change, a packet of the length that was found is sent as a probe every few seconds, which costs
/// nothing if it arrives; and the search is repeated now and then, since a path may also carry more than before.
/// </summary>
internal sealed class MtuProbe
{
    /// <summary>
    /// A length that practically every path carries: an IPv6 path must carry 1,280 bytes including headers, and few IPv4 paths carry less.
    /// </summary>
    public const int FirstLength = 1_232;

    /// <summary>The smallest length that every IPv4 host must accept (RFC 791), without headers.</summary>
    public const int SmallestLength = 548;

    // The search ends when the range is smaller than this.
    private const int NearEnough = 16;
    private const int MostLossesOfALength = 2;

    // Fragments that are lost take the memory of the host that puts them together for half a minute, so a path that carries less must be
    // noticed soon.
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(5);

    // As RFC 8899 has it (PMTU_RAISE_TIMER).
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromMinutes(10);

    private readonly int _longest;
    private int _known;
    private int _ceiling;
    private int _losses;
    private Timestamp _nextSearch;
    private Timestamp _nextCheck;

    /// <param name="longest">Bytes of the longest packet that the local network carries.</param>
    public MtuProbe(int longest)
    {
        _longest = _ceiling = longest;
        _known = Math.Min(SmallestLength, longest);
        Length = Math.Min(FirstLength, longest);
    }

    /// <summary>The length of packets, in bytes: the longest one known to get through in one piece, or believed to.</summary>
    public int Length { get; private set; }

    /// <summary>The length of the next probe in bytes; 0 if the longest one is next.</summary>
    public int Next { get; private set; }

    /// <summary>Whether a probe is in flight.</summary>
    public bool IsUnderWay { get; private set; }

    private bool IsFound => _known == Length && _ceiling - Length <= NearEnough;

    /// <summary>Whether a probe should be sent now.</summary>
    public bool IsDue(Timestamp now) => !IsUnderWay && (!IsFound || now >= _nextCheck);

    /// <summary>A probe is about to be sent; returns its length, which is at least <see cref="Length"/>.</summary>
    public int Begin(Timestamp now)
    {
        if (IsFound && now >= _nextSearch)
            StartOver();
        if (!IsFound)
            _nextSearch = now + BetweenSearches;
        IsUnderWay = true;
        _nextCheck = now + BetweenChecks;
        return Next = IsFound || (Next != 0 && _known < Length) ? Length : Next == 0 ? _ceiling : (Length + _ceiling + 1) / 2;
    }

    /// <summary>The probe could not be sent, for a reason unrelated to its length.</summary>
    public void Cancel()
    {
        IsUnderWay = false;
        _nextCheck = default;
        if (Next == _ceiling && !IsFound)
            Next = 0;
    }

    /// <summary>The probe has arrived.</summary>
    public void OnArrived()
    {
        // A probe from before a black hole says nothing about the current path.
        if (!IsUnderWay)
            return;
        IsUnderWay = false;
        Length = _known = Next;
        _losses = 0;
    }

    /// <summary>The probe was lost, because of its length or at random.</summary>
    public void OnLost()
    {
        if (!IsUnderWay)
            return;
        IsUnderWay = false;
        if (++_losses < MostLossesOfALength && (Next == _ceiling || Next == Length))
        {
            _nextCheck = default;
            if (Next == _ceiling && !IsFound)
                Next = 0;
            return;
        }

        _losses = 0;
        _ceiling = Next - 1;
        if (Length > _ceiling)
        {
            _known = Math.Min(SmallestLength, _longest);
            Length = _ceiling >= FirstLength ? FirstLength : _known;
        }
    }

    /// <summary>
    /// Nothing gets through at all: the path may have changed, and drop fragments as well. Usually it was merely down and carries the
    /// longest packets again afterwards, so the search starts over.
    /// </summary>
    public void OnBlackHole()
    {
        StartOver();
        Length = _known;
        IsUnderWay = false;
    }

    private void StartOver()
    {
        _known = Math.Min(SmallestLength, _longest);
        _ceiling = _longest;
        Next = 0;
        _losses = 0;
    }
}
