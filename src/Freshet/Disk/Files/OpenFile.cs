using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// An open file in <see cref="FileHandles"/>, or dropped from there. It is closed when it is dropped and no longer in use; everything but
/// the file itself is accessed only under the cache's lock.
/// </summary>
internal sealed class OpenFile
{
    public OpenFile(FileKey key, IFile file, FileAccess access)
    {
        Key = key;
        File = file;
        Access = access;
        Node = new LinkedListNode<OpenFile>(this);
    }

    public FileKey Key { get; }

    public IFile File { get; }

    public FileAccess Access { get; }

    public LinkedListNode<OpenFile> Node { get; }

    public int Users { get; set; }

    public bool IsDropped { get; set; }
}
