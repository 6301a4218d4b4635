export { isLoopbackHost } from '@cordon/service';
