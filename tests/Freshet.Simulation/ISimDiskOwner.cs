using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>What a disk answers.</summary>
internal interface ISimDiskOwner
{
    void OnPieceHashed(PieceVerdict verdict);

    void OnPieceChecked(PieceIndex piece, bool ok);

    void OnCheckFinished();

    void OnDataClaimed();

    void OnDiskFailed(DiskFailure failure);

    void OnDiskRecovered();

    /// <summary>The power went in the middle of what the disk did.</summary>
    void OnPowerCut();
}
