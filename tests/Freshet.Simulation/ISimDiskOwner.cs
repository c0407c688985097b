using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>Receives the answers of a disk.</summary>
internal interface ISimDiskOwner
{
    void OnPieceHashed(PieceVerdict verdict);

    void OnPieceChecked(PieceIndex piece, bool ok);

    void OnCheckFinished();

    void OnDataClaimed();

    void OnDiskFailed(DiskFailure failure);

    void OnDiskRecovered();

    /// <summary>The power failed in the middle of a disk operation.</summary>
    void OnPowerCut();
}
