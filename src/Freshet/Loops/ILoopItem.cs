namespace Freshet.Loops;

/// <summary>Something to be done on an <see cref="EventLoop"/>. What happens often posts itself, so that nothing is allocated.</summary>
internal interface ILoopItem
{
    void Run();
}
