using Freshet.Core.Pieces;
using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class UnreadablePiecesTests
{
    private readonly UnreadablePieces _pieces = new();

    [Fact]
    public void A_piece_is_lost_once_until_it_is_good_again()
    {
        Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(7)));
        Assert.Equal(Readability.KnownAsLost, _pieces.Add(new PieceIndex(7)));
        _pieces.Remove(new PieceIndex(7));
        Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(7)));
    }

    [Fact]
    public void Pieces_that_are_good_again_do_not_count_and_too_many_at_once_are_the_disks_fault()
    {
        for (int i = 0; i < 10 * DiskLimits.MaxUnreadablePieces; i++)
        {
            Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(i)));
            _pieces.Remove(new PieceIndex(i));
        }

        for (int i = 0; i < DiskLimits.MaxUnreadablePieces; i++)
            Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(i)));
        Assert.Equal(Readability.DiskFailed, _pieces.Add(new PieceIndex(DiskLimits.MaxUnreadablePieces)));
        _pieces.Clear();
        Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(DiskLimits.MaxUnreadablePieces)));
    }

    [Fact]
    public void A_piece_that_goes_bad_however_often_it_is_written_is_the_disks_fault()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(7)));
            _pieces.Remove(new PieceIndex(7));
        }

        Assert.Equal(Readability.DiskFailed, _pieces.Add(new PieceIndex(7)));
        Assert.Equal(Readability.PieceLost, _pieces.Add(new PieceIndex(8)));
    }
}
