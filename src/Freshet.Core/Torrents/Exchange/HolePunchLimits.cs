namespace Freshet.Core.Torrents.Exchange;

/// <summary>What bounds hole punching (BEP 55) in one torrent.</summary>
internal static class HolePunchLimits
{
    /// <summary>Addresses that one peer has told us of and to which it may be asked to help us, the latest.</summary>
    public const int MaxIntroduced = 256;

    /// <summary>Attempts of the last minute, ours and those that relays ask of us: each is a dial.</summary>
    public const int MaxAttempts = 32;

    /// <summary>Attempts among them that relays ask of us: nobody can use up those that we ask for.</summary>
    public const int MaxUnaskedAttempts = MaxAttempts / 2;

    /// <summary>Seconds that a relay has to answer before the next one is asked: libtorrent does not always say that it cannot.</summary>
    public const int AnswerSeconds = 3;

    /// <summary>Seconds until there may be another attempt to the same address.</summary>
    public const int AttemptSeconds = 60;

    /// <summary>
    /// Seconds that the other side tries after a relay has told it of us, which are as many as we try ourselves (BEP 29); a later dial
    /// finds no hole.
    /// </summary>
    public const int PunchSeconds = 7;

    /// <summary>Dials through holes beyond those that the torrent is allotted.</summary>
    public const int MaxDialsBeyond = 3;

    /// <summary>Times a minute that one peer is asked to help us.</summary>
    public const int MaxAskedPerMinute = 12;

    /// <summary>Times a minute that one peer may have us dial somebody, beyond those that we have asked it for.</summary>
    public const int MaxTakenPerMinute = 12;

    /// <summary>Times a minute that we relay for one peer, or tell it that we cannot; more are passed over.</summary>
    public const int MaxRelayedPerMinute = 12;

    /// <summary>Times a minute that we tell one peer to dial another who has asked for it; more are refused.</summary>
    public const int MaxToldPerMinute = 12;

    /// <summary>Times among them that peers of one network have asked for it.</summary>
    public const int MaxToldPerNetwork = 3;
}
