namespace Freshet;

/// <summary>Whether uTP (BEP 29) is used for peer connections.</summary>
public enum UtpMode
{
    /// <summary>TCP and uTP: a dial tries TCP first, and uTP alongside if TCP does not answer at once. Peers may use either.</summary>
    On,

    /// <summary>TCP only.</summary>
    Off,

    /// <summary>uTP only, in both directions.</summary>
    Only,
}
