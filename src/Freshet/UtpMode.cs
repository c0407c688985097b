namespace Freshet;

/// <summary>Whether peers are connected to over uTP (BEP 29).</summary>
public enum UtpMode
{
    /// <summary>Over both: a dial tries TCP first, and uTP beside it if TCP does not answer at once. Peers may use either.</summary>
    On,

    /// <summary>Over TCP alone.</summary>
    Off,

    /// <summary>Over uTP alone, both ways.</summary>
    Only,
}
