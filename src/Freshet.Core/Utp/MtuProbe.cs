namespace Freshet.Core.Utp;

/// <summary>
/// Finds the longest packet that a path carries (BEP 29): between what is known to go through and what cannot, one packet at a time is sent
/// longer. It is lengthened by padding, so that what it carries can be sent again as a packet of ordinary length. The first probe is as
/// long as Ethernet allows, since that mostly goes through; the next ones halve the range.
/// </summary>
internal sealed class MtuProbe
{
    /// <summary>What every path carries: an IPv6 path must carry 1,280 bytes with headers, and few of IPv4 carry less.</summary>
    public const int FirstLength = 1_232;

    /// <summary>What the smallest path of IPv4 carries that hosts must take (RFC 791), less headers.</summary>
    public const int SmallestLength = 548;

    // Nearer to the limit than this is near enough.
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

    /// <summary>Bytes of a packet that goes through, as far as is known.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the packet to be sent as a probe; 0 if none is due.</summary>
    public int Next { get; private set; }

    /// <summary>Whether a probe is under way.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Whether a probe should be sent now.</summary>
    public bool IsDue => !IsUnderWay && _ceiling - Length > NearEnough;

    /// <summary>A probe is about to be sent; tells its length.</summary>
    public int Begin()
    {
        IsUnderWay = true;
        return Next = Next == 0 ? _ceiling : (Length + _ceiling + 1) / 2;
    }

    /// <summary>The probe could not be sent, for no fault of its own.</summary>
    public void Cancel()
    {
        IsUnderWay = false;
        if (Next == _ceiling)
            Next = 0;
    }

    /// <summary>The probe has arrived.</summary>
    public void OnArrived()
    {
        // One of before a black hole tells nothing of the path as it is.
        if (!IsUnderWay)
            return;
        IsUnderWay = false;
        Length = Next;
        _losses = 0;
    }

    /// <summary>The probe was lost, by its length or by chance.</summary>
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
    /// Nothing gets through at all: perhaps since packets are too long for a path that has changed. If it was down instead, as it mostly
    /// is, the longest goes through again afterwards, so the search begins anew.
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
