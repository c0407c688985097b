namespace Freshet.Core.Utp;

/// <summary>
/// Finds the longest packet that a path carries (BEP 29) between the known and the possible length, by sending one longer packet at a time.
/// A probe is lengthened by padding, so that its payload can be resent in a packet of ordinary length. The first probe is as long as
/// Ethernet allows, which usually works; the next ones halve the range.
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

    private readonly int _longest;
    private int _ceiling;
    private int _losses;

    /// <param name="longest">Bytes of the longest packet that the local network carries.</param>
    public MtuProbe(int longest)
    {
        _longest = _ceiling = longest;
        Length = Math.Min(FirstLength, longest);
    }

    /// <summary>The longest packet known to get through, in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The length of the next probe in bytes; 0 if none is due.</summary>
    public int Next { get; private set; }

    /// <summary>Whether a probe is in flight.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Whether a probe should be sent now.</summary>
    public bool IsDue => !IsUnderWay && _ceiling - Length > NearEnough;

    /// <summary>A probe is about to be sent; returns its length.</summary>
    public int Begin()
    {
        IsUnderWay = true;
        return Next = Next == 0 ? _ceiling : (Length + _ceiling + 1) / 2;
    }

    /// <summary>The probe could not be sent, for a reason unrelated to its length.</summary>
    public void Cancel()
    {
        IsUnderWay = false;
        if (Next == _ceiling)
            Next = 0;
    }

    /// <summary>The probe has arrived.</summary>
    public void OnArrived()
    {
        // A probe from before a black hole says nothing about the current path.
        if (!IsUnderWay)
            return;
        IsUnderWay = false;
        Length = Next;
        _losses = 0;
    }

    /// <summary>The probe was lost, because of its length or at random.</summary>
    public void OnLost()
    {
        if (!IsUnderWay)
            return;
        IsUnderWay = false;
        if (++_losses < MostLossesOfALength && _ceiling == Next)
        {
            Next = 0;
            return;
        }

        _losses = 0;
        _ceiling = Next - 1;
    }

    /// <summary>
    /// Nothing gets through at all: packets may be too long for a path that has changed. Usually the path was merely down and carries the
    /// longest packets again afterwards, so the search starts over.
    /// </summary>
    public void OnBlackHole()
    {
        _ceiling = _longest;
        Length = Math.Min(SmallestLength, _longest);
        Next = 0;
        _losses = 0;
        IsUnderWay = false;
    }
}
