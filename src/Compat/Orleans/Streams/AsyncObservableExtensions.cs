namespace Orleans.Streams;

/// <summary>Subscribes by delegates.</summary>
public static class AsyncObservableExtensions
{
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync) =>
        obs.SubscribeAsync(onNextAsync, static _ => Task.CompletedTask);

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync) =>
        obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync));

    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, StreamSequenceToken? token = null) =>
        handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, static _ => Task.CompletedTask), token);

    private sealed class DelegateObserver<T> : IAsyncObserver<T>
    {
        private readonly Func<T, StreamSequenceToken?, Task> onNext;
        private readonly Func<Exception, Task> onError;

        internal DelegateObserver(Func<T, StreamSequenceToken?, Task> onNext, Func<Exception, Task> onError)
        {
            ArgumentNullException.ThrowIfNull(onNext);
            ArgumentNullException.ThrowIfNull(onError);
            this.onNext = onNext;
            this.onError = onError;
        }

        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => onNext(item, token);

        public Task OnErrorAsync(Exception ex) => onError(ex);
    }
}
